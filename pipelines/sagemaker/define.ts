import { Faults } from '../../core/faults';
import { checkDefinition } from './check/check-definition';
import type { ParameterDefinition, SageMakerDefinition, StepDefinition } from './definition';
import type { Parameter, StringParameterOptions } from './parameter';
import { RawFloat } from './raw-float';
import { Ref } from './ref';
import { Step } from './step';
import { isToken } from './token';

export interface DefinitionProps {
  /** What faults of the whole are reported under. */
  readonly name: string;
  /** @default [] */
  readonly parameters?: readonly Parameter[];
  readonly steps: readonly Step[];
  /** The experiment of SageMaker that every execution is recorded in. @default - none */
  readonly experiment?: SageMakerDefinition['PipelineExperimentConfig'];
}

/**
 * Brings steps into the form that SageMaker receives. Hand the result to a `TrainingPipeline`, or to `definitionText` if
 * it holds no tokens.
 * @throws InvalidInputError naming everything that SageMaker would refuse, now or when a step runs
 */
export function defineSageMakerPipeline({
  name,
  parameters = [],
  steps,
  experiment = null,
}: DefinitionProps): SageMakerDefinition {
  const definition: SageMakerDefinition = {
    Version: '2020-12-01',
    Metadata: {},
    Parameters: parameters.map(defineParameter),
    PipelineExperimentConfig: experiment,
    Steps: steps.map(defineStep),
  };
  const faults = new Faults();
  checkDefinition(definition, faults);
  faults.throwIfAny(`pipeline ${name}`);
  return definition;
}

function defineParameter({ name, type, options }: Parameter): ParameterDefinition {
  const { defaultValue, enumValues } = options as StringParameterOptions<string>;
  return {
    Name: name,
    Type: type,
    ...(defaultValue !== undefined && { DefaultValue: defaultValue }),
    ...(enumValues && { EnumValues: [...enumValues] }),
  };
}

function defineStep({ name, type, args, options }: Step): StepDefinition {
  const { dependsOn = [], displayName, description, cacheFor, retryPolicies, propertyFiles, ...beside } = options;
  return plain({
    Name: name,
    Type: type,
    DisplayName: displayName,
    Description: description,
    DependsOn: dependsOn.length > 0 ? dependsOn.map((step) => step.name) : undefined,
    Arguments: args,
    ...beside,
    CacheConfig: cacheFor === undefined ? undefined : { Enabled: true, ExpireAfter: cacheFor },
    RetryPolicies: retryPolicies,
    PropertyFiles: propertyFiles,
  }) as StepDefinition;
}

/** Puts expressions and definitions where references and steps are; leaves tokens and raw floats as they are. */
function plain(value: unknown): unknown {
  if (value instanceof Ref) return plain(value.expression);
  if (value instanceof Step) return defineStep(value);
  if (value instanceof RawFloat || isToken(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}
