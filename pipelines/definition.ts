/**
 * A pipeline as plain data that knows no engine. A value that another step makes is a reference, and a reference is a
 * dependency: nobody writes the order down. `builder.ts` makes these; `render/` brings them to an engine.
 */
export interface PipelineDefinition {
  readonly name: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly steps: readonly Step[];
  readonly runtime: Runtime;
}

/** Where and as what the steps run. */
export interface Runtime {
  /** Container image of every step that names no other. */
  readonly image: string;
  /** Identity that the steps' containers run as, for example the ARN of a role. */
  readonly identity: string;
  /** Where steps leave what later steps read, without a slash at the end. */
  readonly workspaceUri: string;
  /** Where trained models and what belongs to them stay, without a slash at the end. */
  readonly modelsUri: string;
  /** Key that outputs and disks are encrypted with. */
  readonly encryptionKey?: string;
  readonly network?: Network;
  /** Variables of every container. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Network {
  readonly subnets: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Containers reach nothing but what the engine hands them. */
  readonly isolated: boolean;
}

export type Scalar = string | number | boolean;

/** Known only when the pipeline runs. */
export type Reference =
  /** The folder that a step leaves under that name, or a file in it. */
  | { readonly kind: 'output'; readonly step: string; readonly output: string; readonly file?: string }
  /** The archive of the model that a training or tuning step ends with. */
  | { readonly kind: 'modelArtifacts'; readonly step: string }
  /** The folder of a batch transform's answers. */
  | { readonly kind: 'answers'; readonly step: string }
  /** A value in a JSON file of a step: `path` such as `metrics.roc_auc.value`. */
  | { readonly kind: 'metric'; readonly step: string; readonly file: string; readonly path: string }
  | Parameter
  | { readonly kind: 'execution'; readonly variable: 'id' | 'startTime' | 'pipelineName' }
  /** The parts put together to one string. */
  | { readonly kind: 'text'; readonly parts: readonly Value[] };
export type Value = Scalar | Reference;

/** Whoever starts the pipeline may choose it. Without a default value it has to be chosen. */
export interface Parameter {
  readonly kind: 'parameter';
  readonly name: string;
  readonly type: 'string' | 'integer' | 'float' | 'boolean';
  readonly defaultValue?: Scalar;
  /** All that a string may be. */
  readonly values?: readonly string[];
}

export type Step =
  | ProcessingStep
  | TrainingStep
  | TuningStep
  | QualityCheckStep
  | BatchTransformStep
  | ConditionStep
  | RegisterStep
  | FailStep;

interface StepBase {
  readonly name: string;
  readonly displayName?: string;
  /** Names of steps that have to end first though nothing of theirs is read. */
  readonly dependsOn: readonly string[];
}

interface JobBase extends StepBase {
  readonly compute: Compute;
  /** Instead of that of the runtime. */
  readonly image?: string;
  /** Days for which the result of a run with the same code and inputs is taken again; 0 for never. */
  readonly cacheDays: number;
  /** How failures that aren't the script's are met. */
  readonly retry: Retry;
}

export interface Compute {
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeGb: number;
  readonly maxRuntimeMinutes: number;
}

export interface Retry {
  /** Further attempts after a fault or the throttling of the service; 0 to 20. */
  readonly attempts: number;
  /** How long the step waits for machines that aren't there now; 0 to 14,400. */
  readonly capacityMinutes: number;
}

/** A script that reads folders and leaves folders. */
export interface ProcessingStep extends JobBase {
  readonly kind: 'processing';
  /** Path below the program folder of the image. */
  readonly script: string;
  /** URI of a folder or file, by the name under which the script finds it. */
  readonly inputs: Readonly<Record<string, string | Reference>>;
  readonly outputs: readonly string[];
  /** With `models` the outputs stay with the trained models. */
  readonly outputsTo: 'workspace' | 'models';
  /** JSON files in the outputs that metrics are read from, by a name for each. */
  readonly metricFiles: Readonly<Record<string, { readonly output: string; readonly file: string }>>;
  /** Command-line options, without the leading hyphens. */
  readonly arguments: Readonly<Record<string, Value>>;
}

interface Trained extends JobBase {
  readonly script: string;
  /** URI of a folder by channel. */
  readonly channels: Readonly<Record<string, string | Reference>>;
  readonly hyperparameters: Readonly<Record<string, Value>>;
  /** Metrics that the script prints as `name=value`; the last value counts. */
  readonly metrics: readonly string[];
}

export interface TrainingStep extends Trained {
  readonly kind: 'training';
}

/** Trains many times and keeps the best. */
export interface TuningStep extends Trained {
  readonly kind: 'tuning';
  readonly strategy: 'Random' | 'Grid' | 'Bayesian' | 'Hyperband';
  readonly objective: { readonly metric: string; readonly direction: 'maximize' | 'minimize' };
  readonly maxJobs: Value;
  readonly maxParallelJobs: Value;
  readonly seed: number;
  readonly ranges: Readonly<Record<string, TuningRange>>;
}

type Scaling = 'Auto' | 'Linear' | 'Logarithmic' | 'ReverseLogarithmic';
export type TuningRange =
  | { readonly kind: 'continuous' | 'integer'; readonly min: number; readonly max: number; readonly scaling: Scaling }
  | { readonly kind: 'categorical'; readonly values: readonly string[] };

/** Compares a data set with the baseline of the last model. */
export interface QualityCheckStep extends JobBase {
  readonly kind: 'qualityCheck';
  /** Of the program that compares, for example Model Monitor's in the region. */
  readonly image: string;
  readonly dataset: string | Reference;
  readonly format: 'csv' | 'json';
  /** The group whose approved model the baseline is taken from. */
  readonly group: string;
  /** Instead of the baseline of the group's approved model. */
  readonly baseline?: { readonly statistics: string | Reference; readonly constraints: string | Reference };
  readonly failOnViolation: boolean;
}

/** Asks a trained model about every file of a folder. It isn't cached: what the folder holds changes, its address doesn't. */
export interface BatchTransformStep extends Omit<JobBase, 'cacheDays' | 'image'> {
  readonly kind: 'batchTransform';
  /** Instead of that of the runtime. */
  readonly image?: string | Reference;
  readonly model: string | Reference;
  /** Script that serves the model, in the image of the step. */
  readonly script: string;
  /** URI of a folder or file. */
  readonly input: string | Reference;
  readonly records: {
    /** MIME type of what is asked and answered. */
    readonly contentType: string;
    readonly splitType: 'None' | 'Line' | 'RecordIO' | 'TFRecord';
    readonly strategy: 'MultiRecord' | 'SingleRecord';
    readonly maxPayloadMb: number;
    readonly maxConcurrentTransforms: number;
    /** Whether each answer stands beside the record that it is about. */
    readonly joinInput: boolean;
  };
  /** Variables of the container that serves. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Comparison {
  readonly left: Value;
  readonly operator: 'equals' | 'above' | 'atLeast' | 'below' | 'atMost';
  readonly right: Value;
}

export interface ConditionStep extends StepBase {
  readonly kind: 'condition';
  /** Every one of them has to hold. */
  readonly all: readonly Comparison[];
  readonly ifTrue: readonly Step[];
  readonly ifFalse: readonly Step[];
}

/** Puts a trained model into the registry. */
export interface RegisterStep extends StepBase {
  readonly kind: 'register';
  readonly group: string;
  readonly model: string | Reference;
  readonly approvalStatus: Value;
  /** Script that serves the model, in the image. */
  readonly script: string;
  /** Instead of that of the runtime. */
  readonly image?: string | Reference;
  readonly environment: Readonly<Record<string, string>>;
  readonly description?: string;
  /** The JSON file that the model was judged by. */
  readonly evaluation?: string | Reference;
  /** Facts that stay with the model. */
  readonly metadata: Readonly<Record<string, Value>>;
  readonly contentTypes: readonly string[];
  readonly responseTypes: readonly string[];
  readonly retry: Retry;
}

/** Ends the pipeline as failed. */
export interface FailStep extends StepBase {
  readonly kind: 'fail';
  readonly message: string | Reference;
}
