import type { ProcessingStep, Reference, Value } from '../definition';
import { job } from './members';
import type { JobOptions, Uri } from './options';

export interface ProcessingOptions<O extends string, F extends string> extends JobOptions {
  /** Path below the program folder of the image, for example `flight_delay/prepare.py`. */
  readonly script: string;
  /** @default {} */
  readonly inputs?: Readonly<Record<string, Uri>>;
  /** @default [] */
  readonly outputs?: readonly O[];
  /** With `models` the outputs stay with the trained models. @default 'workspace' */
  readonly outputsTo?: 'workspace' | 'models';
  /** JSON files in the outputs that metrics are read from, by a name for each. @default {} */
  readonly metricFiles?: Readonly<Record<F, { readonly output: NoInfer<O>; readonly file: string }>>;
  /** Command-line options, without the leading hyphens. @default {} */
  readonly arguments?: Readonly<Record<string, Value>>;
}

/** A script that reads folders and leaves folders. An output or a metric file that isn't declared doesn't compile. */
export function processing<const O extends string = never, const F extends string = never>(
  name: string,
  options: ProcessingOptions<O, F>,
): ProcessingStep & {
  output(output: O, file?: string): Reference;
  metric(file: F, path: string): Reference;
} {
  const { script, inputs = {}, outputs = [], outputsTo = 'workspace', arguments: args = {} } = options;
  return {
    ...job(name, options),
    kind: 'processing',
    script,
    inputs,
    outputs,
    outputsTo,
    metricFiles: options.metricFiles ?? {},
    arguments: args,
    output: (output, file) => ({ kind: 'output', step: name, output, ...(file !== undefined && { file }) }),
    metric: (file, path) => ({ kind: 'metric', step: name, file, path }),
  };
}
