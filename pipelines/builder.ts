import type {
  Compute,
  ConditionStep,
  FailStep,
  Parameter,
  PipelineDefinition,
  ProcessingStep,
  QualityCheckStep,
  Reference,
  RegisterStep,
  Retry,
  Runtime,
  Scalar,
  Step,
  TrainingStep,
  TuningStep,
  Value,
} from './definition';

type Uri = string | Reference;

interface StepOptions {
  /** @default - the name */
  readonly displayName?: string;
  /** Steps that have to end first though nothing of theirs is read. @default [] */
  readonly dependsOn?: readonly Step[];
}

interface JobOptions extends StepOptions {
  readonly compute: ComputeOptions;
  /** @default - that of the runtime */
  readonly image?: string;
  /** Days for which the result of a run with the same code and inputs is taken again. @default 0, which is never */
  readonly cacheDays?: number;
  /** How failures that aren't the script's are met. @default - see each member */
  readonly retry?: RetryOptions;
}

interface ComputeOptions {
  readonly instanceType: string;
  /** @default 1 */
  readonly instanceCount?: number;
  /** @default 30 */
  readonly volumeGb?: number;
  /** @default 60 */
  readonly maxRuntimeMinutes?: number;
}

interface RetryOptions {
  /** Further attempts after a fault or the throttling of the service, 0 to 20. @default 5 */
  readonly attempts?: number;
  /** How long the step waits for machines that aren't there now, 0 to 14,400. @default 240 */
  readonly capacityMinutes?: number;
}

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

export interface TrainingOptions extends JobOptions {
  readonly script: string;
  /** URI of a folder by channel. */
  readonly channels: Readonly<Record<string, Uri>>;
  /** @default {} */
  readonly hyperparameters?: Readonly<Record<string, Value>>;
  /** Metrics that the script prints as `name=value`; the last value counts. @default [] */
  readonly metrics?: readonly string[];
}

/** What a step that trains leaves. */
interface Trained {
  readonly modelArtifacts: Reference;
}

export function training(name: string, options: TrainingOptions): TrainingStep & Trained {
  return { ...trained(name, options), kind: 'training' };
}

export type TuningOptions = TrainingOptions &
  Pick<TuningStep, 'objective' | 'maxJobs' | 'ranges'> & {
    /** @default 'Random' */
    readonly strategy?: TuningStep['strategy'];
    /** @default 2 */
    readonly maxParallelJobs?: Value;
    /** @default 0 */
    readonly seed?: number;
  };

/** Trains many times and keeps the best. The objective needn't be listed among the metrics. */
export function tuning(name: string, options: TuningOptions): TuningStep & Trained {
  const { objective, maxJobs, ranges, strategy = 'Random', maxParallelJobs = 2, seed = 0, metrics = [] } = options;
  return {
    ...trained(name, { ...options, metrics: [...new Set([...metrics, objective.metric])] }),
    kind: 'tuning',
    strategy,
    objective,
    maxJobs,
    maxParallelJobs,
    seed,
    ranges,
  };
}

export type QualityCheckOptions = JobOptions &
  Pick<QualityCheckStep, 'image' | 'dataset' | 'format' | 'group' | 'baseline'> & {
    /** @default true */
    readonly failOnViolation?: boolean;
  };

/** Compares a data set with the baseline of the approved model. */
export function qualityCheck(name: string, options: QualityCheckOptions): QualityCheckStep {
  const { image, dataset, format, group, baseline, failOnViolation = true } = options;
  return {
    ...job(name, options),
    kind: 'qualityCheck',
    image,
    dataset,
    format,
    group,
    failOnViolation,
    ...(baseline && { baseline }),
  };
}

export type ConditionOptions = StepOptions &
  Pick<ConditionStep, 'all' | 'ifTrue'> & {
    /** @default [] */
    readonly ifFalse?: readonly Step[];
  };

/** Runs one of two branches. */
export function condition(name: string, options: ConditionOptions): ConditionStep {
  const { all, ifTrue, ifFalse = [] } = options;
  return { ...base(name, options), kind: 'condition', all, ifTrue, ifFalse };
}

export type RegisterOptions = StepOptions &
  Pick<RegisterStep, 'group' | 'model' | 'script' | 'description' | 'evaluation'> & {
    /** @default 'PendingManualApproval' */
    readonly approvalStatus?: Value;
    /** Variables of the container that serves. @default {} */
    readonly environment?: Readonly<Record<string, string>>;
    /** Facts that stay with the model. @default {} */
    readonly metadata?: Readonly<Record<string, Value>>;
    /** @default ['text/csv', 'application/json'] */
    readonly contentTypes?: readonly string[];
    /** @default ['text/csv', 'application/json'] */
    readonly responseTypes?: readonly string[];
    /** @default - see each member */
    readonly retry?: RetryOptions;
  };

/** Puts a trained model into the registry. */
export function register(name: string, options: RegisterOptions): RegisterStep {
  const { group, model, script, description, evaluation, approvalStatus = 'PendingManualApproval' } = options;
  const { environment = {}, metadata = {} } = options;
  const { contentTypes = ['text/csv', 'application/json'], responseTypes = ['text/csv', 'application/json'] } = options;
  return {
    ...base(name, options),
    kind: 'register',
    group,
    model,
    script,
    approvalStatus,
    environment,
    metadata,
    contentTypes,
    responseTypes,
    retry: retry(options.retry),
    ...(description !== undefined && { description }),
    ...(evaluation !== undefined && { evaluation }),
  };
}

/** Ends the pipeline as failed. */
export function fail(name: string, options: StepOptions & Pick<FailStep, 'message'>): FailStep {
  return { ...base(name, options), kind: 'fail', message: options.message };
}

/** @param values all that a string may be; none for any */
export function parameter(
  name: string,
  type: Parameter['type'],
  defaultValue?: Scalar,
  values?: readonly string[],
): Parameter {
  return {
    kind: 'parameter',
    name,
    type,
    ...(defaultValue !== undefined && { defaultValue }),
    ...(values && { values }),
  };
}

/** Puts the parts together to one string. */
export function text(...parts: readonly Value[]): Reference {
  return { kind: 'text', parts };
}

/** What is known of the run itself. */
export function execution(variable: 'id' | 'startTime' | 'pipelineName'): Reference {
  return { kind: 'execution', variable };
}

export interface PipelineOptions extends Pick<PipelineDefinition, 'description' | 'steps'> {
  /** @default [] */
  readonly parameters?: readonly Parameter[];
  readonly runtime: Omit<Runtime, 'environment'> & Partial<Pick<Runtime, 'environment'>>;
}

export function pipeline(name: string, options: PipelineOptions): PipelineDefinition {
  const { description, steps, parameters = [], runtime } = options;
  return {
    name,
    ...(description !== undefined && { description }),
    parameters,
    steps,
    runtime: { ...runtime, environment: runtime.environment ?? {} },
  };
}

function base(name: string, { displayName, dependsOn = [] }: StepOptions) {
  return { name, dependsOn: dependsOn.map((step) => step.name), ...(displayName !== undefined && { displayName }) };
}

function job(name: string, options: JobOptions) {
  const { image, cacheDays = 0 } = options;
  return {
    ...base(name, options),
    compute: compute(options.compute),
    cacheDays,
    retry: retry(options.retry),
    ...(image !== undefined && { image }),
  };
}

function trained(name: string, options: TrainingOptions) {
  const { script, channels, hyperparameters = {}, metrics = [] } = options;
  const modelArtifacts: Reference = { kind: 'modelArtifacts', step: name };
  return { ...job(name, options), script, channels, hyperparameters, metrics, modelArtifacts };
}

function compute({ instanceType, instanceCount = 1, volumeGb = 30, maxRuntimeMinutes = 60 }: ComputeOptions): Compute {
  return { instanceType, instanceCount, volumeGb, maxRuntimeMinutes };
}

function retry({ attempts = 5, capacityMinutes = 240 }: RetryOptions = {}): Retry {
  return { attempts, capacityMinutes };
}
