import type { Arguments } from './arguments';
import { propertiesOf } from './properties';
import { type Primitive, Ref } from './ref';
import type { JobException, RetryPolicy, StepException } from './retry-policy';
import type { Cacheable, Retryable, StepType, StepTypes, WithoutJob } from './step-types';

/** A step of SageMaker's own kind. What it leads to, its name and its references, is all that the others see. */
export class Step<K extends StepType = StepType> {
  readonly properties: StepTypes[K]['properties'];

  constructor(
    readonly type: K,
    readonly name: string,
    readonly args: unknown,
    readonly options: AnyOptions = {},
  ) {
    this.properties = propertiesOf(`Steps.${name}`) as StepTypes[K]['properties'];
  }

  /**
   * Reads a value of a property file.
   * @param file PropertyFileName of a file that the step declares
   * @param path for example `metrics.roc_auc.value` or `folds[0].rmse`; a literal, as SageMaker takes no reference here
   */
  jsonGet<T extends Primitive>(this: Step<'Processing'>, file: string, path: string): Ref<T> {
    const PropertyFile = { Get: `Steps.${this.name}.PropertyFiles.${file}` };
    return new Ref({ 'Std:JsonGet': { PropertyFile, Path: path } });
  }
}

/** A JSON file among a step's outputs, from which conditions and later steps read values. */
export interface PropertyFile {
  readonly PropertyFileName: string;
  readonly OutputName: string;
  /** Path of the file below the output. */
  readonly FilePath: string;
}

type CommonOptions = {
  /** Steps that have to end first though nothing of theirs is read. @default [] */
  readonly dependsOn?: readonly { readonly name: string }[];
  /** @default - the name */
  readonly displayName?: string;
  readonly description?: string;
};

/** The options of any step, as it keeps them. */
export type AnyOptions = CommonOptions & {
  readonly cacheFor?: string;
  readonly retryPolicies?: readonly RetryPolicy[];
  readonly propertyFiles?: readonly PropertyFile[];
  /** Members of the step beside its arguments, such as `FunctionArn`. */
  readonly [beside: string]: unknown;
};

/** The options that a type of step has. */
export type StepOptions<K extends StepType> = CommonOptions &
  (K extends Cacheable
    ? {
        /** ISO 8601 duration, for example `P30D`, for which a result with the same inputs is taken again. @default - never */
        readonly cacheFor?: string;
      }
    : unknown) &
  (K extends Retryable
    ? {
        /** @default - SageMaker's own: faults of the service and throttling only */
        readonly retryPolicies?: readonly RetryPolicy<
          K extends WithoutJob ? StepException : StepException | JobException
        >[];
      }
    : unknown) &
  (K extends 'Processing' ? { readonly propertyFiles?: readonly PropertyFile[] } : unknown) &
  StepTypes[K]['beside'];

/** Whether a type can't do without options. */
type Rest<K extends StepType> = object extends StepOptions<K> ? [options?: StepOptions<K>] : [options: StepOptions<K>];

/**
 * Whatever SageMaker can do, typed from its SDK.
 *
 * ```ts
 * const prepare = step('Processing', 'Prepare', { RoleArn: role, AppSpecification: { ImageUri: image }, … });
 * const train = prepare.properties.ProcessingOutputConfig.Outputs.named('train').S3Output.S3Uri;
 * ```
 * @param name 1 to 64 letters, digits, hyphens and underscores; unique in the pipeline, branches included
 * @param args the request that SageMaker sends when the step runs
 */
export function step<const K extends Exclude<StepType, 'Condition'>>(
  type: K,
  name: string,
  args: Arguments<StepTypes[K]['request']>,
  ...[options]: Rest<K>
): Step<K> {
  return new Step(type, name, args, options);
}
