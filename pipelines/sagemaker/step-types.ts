import type * as sm from '@aws-sdk/client-sagemaker';
import type { Properties } from './properties';
import type { Primitive, Ref, Value } from './ref';

/**
 * The step types that are offered, with what each takes and gives. Members that the service owns (names of jobs) or
 * refuses in a pipeline are left out, so that they don't compile.
 *
 * Not offered: EMRServerless, Lineage and the Bedrock types, which are requests of other services or of no documented
 * shape; NotebookJob and `@step`, which only SageMaker's Python SDK can write, as Training steps.
 */
export interface StepTypes {
  Processing: Job<sm.CreateProcessingJobRequest, 'ProcessingJobName', sm.DescribeProcessingJobResponse>;
  Training: Job<sm.CreateTrainingJobRequest, 'TrainingJobName', sm.DescribeTrainingJobResponse>;
  Tuning: Job<
    sm.CreateHyperParameterTuningJobRequest,
    'HyperParameterTuningJobName',
    sm.DescribeHyperParameterTuningJobResponse & sm.ListTrainingJobsForHyperParameterTuningJobResponse
  >;
  AutoML: Job<sm.CreateAutoMLJobRequest, 'AutoMLJobName', sm.DescribeAutoMLJobResponse>;
  Transform: Job<sm.CreateTransformJobRequest, 'TransformJobName', sm.DescribeTransformJobResponse>;
  Model: Job<sm.CreateModelInput, 'ModelName', sm.DescribeModelOutput>;
  RegisterModel: Job<
    sm.CreateModelPackageInput,
    'ModelPackageName' | 'CertifyForMarketplace',
    sm.DescribeModelPackageOutput
  >;
  QualityCheck: {
    request: Request<sm.CreateProcessingJobRequest, 'ProcessingJobName'>;
    properties: Properties<CalculatedBaseline<'Statistics' | 'Constraints'>>;
    beside: BaselineCheck<'DATA_QUALITY' | 'MODEL_QUALITY'> & {
      readonly SuppliedBaselineStatistics?: Value<string>;
    };
  };
  ClarifyCheck: {
    request: Request<sm.CreateProcessingJobRequest, 'ProcessingJobName'>;
    properties: Properties<CalculatedBaseline<'Constraints'>>;
    beside: BaselineCheck<'DATA_BIAS' | 'MODEL_BIAS' | 'MODEL_EXPLAINABILITY'> & {
      readonly ModelName?: Value<string>;
    };
  };
  Lambda: {
    request: Readonly<Record<string, Primitive>>;
    properties: OutputParameters;
    /** The function has 10 minutes. */
    beside: { readonly FunctionArn: Value<string>; readonly OutputParameters?: readonly OutputParameter[] };
  };
  Callback: {
    request: Readonly<Record<string, Primitive>>;
    properties: OutputParameters;
    /** Goes on when somebody calls SendPipelineExecutionStepSuccess with the token that the queue is sent. */
    beside: { readonly SqsQueueUrl: Value<string>; readonly OutputParameters?: readonly OutputParameter[] };
  };
  EMR: { request: EmrRequest; properties: Properties<EmrStep>; beside: unknown };
  EndpointConfig: Job<
    sm.CreateEndpointConfigInput,
    'DataCaptureConfig' | 'ExplainerConfig',
    sm.DescribeEndpointConfigOutput
  >;
  /** Makes or updates an endpoint, without guardrails: this stack's endpoints are CloudFormation's. */
  Endpoint: Job<sm.CreateEndpointInput, 'DeploymentConfig', sm.DescribeEndpointOutput>;
  InferenceComponent: Job<sm.CreateInferenceComponentInput, never, sm.DescribeInferenceComponentOutput>;
  Condition: { request: never; properties: Properties<{ Outcome: boolean }>; beside: unknown };
  Fail: { request: { ErrorMessage: string }; properties: never; beside: unknown };
}
export type StepType = keyof StepTypes;

interface Job<Create, Owned extends PropertyKey, Describe> {
  request: Request<Create, Owned>;
  properties: Properties<Describe>;
  /** Members of the step that stand beside its arguments. */
  beside: unknown;
}

/** Without the members that the service owns; of the experiment, pipelines keep the display name alone. */
type Request<Create, Owned extends PropertyKey> = Omit<Create, Owned | 'ExperimentConfig'> &
  ('ExperimentConfig' extends keyof Create
    ? { ExperimentConfig?: Pick<sm.ExperimentConfig, 'TrialComponentDisplayName'> }
    : unknown);

type CalculatedBaseline<What extends string> = Record<
  `CalculatedBaseline${What}` | `BaselineUsedForDriftCheck${What}`,
  string
>;

interface BaselineCheck<Type extends string> {
  readonly CheckType: Type;
  readonly ModelPackageGroupName?: Value<string>;
  /** @default false */
  readonly SkipCheck?: Value<boolean>;
  /** @default true */
  readonly FailOnViolation?: Value<boolean>;
  /** @default false */
  readonly RegisterNewBaseline?: Value<boolean>;
  readonly SuppliedBaselineConstraints?: Value<string>;
}

interface OutputParameters {
  readonly OutputParameters: { key<T extends Primitive = string>(name: string): Ref<T> };
}

export interface OutputParameter {
  readonly OutputName: string;
  readonly OutputType: 'String' | 'Integer' | 'Float' | 'Boolean';
}

/** A step on a cluster that runs, or on one that is started for it: one of the two. */
export interface EmrRequest {
  ClusterId?: string;
  /** As RunJobFlow of EMR takes it, but for its name and its steps. */
  ClusterConfig?: Record<string, unknown>;
  ExecutionRoleArn?: string;
  StepConfig: {
    HadoopJarStep: {
      Jar: string;
      Args?: string[];
      MainClass?: string;
      Properties?: { Key: string; Value: string }[];
    };
  };
}

interface EmrStep {
  ClusterId: string;
  Id: string;
  Name: string;
  ActionOnFailure: string;
}

/** Types whose result SageMaker can take from an earlier execution. */
export const CACHEABLE = [
  'Processing',
  'Training',
  'Tuning',
  'AutoML',
  'Transform',
  'QualityCheck',
  'ClarifyCheck',
  'EMR',
  'Lambda',
  'Callback',
  'EndpointConfig',
  'Endpoint',
] as const satisfies StepType[];
export type Cacheable = (typeof CACHEABLE)[number];

/** Types that may be tried again, after failures of the service. */
export const RETRYABLE = [
  'Processing',
  'Training',
  'Tuning',
  'AutoML',
  'Transform',
  'Model',
  'RegisterModel',
  'EndpointConfig',
] as const satisfies StepType[];
export type Retryable = (typeof RETRYABLE)[number];

/** Of those, the ones that run no job, so that a job's exceptions can't happen. */
export const WITHOUT_JOB = ['Model', 'RegisterModel', 'EndpointConfig'] as const satisfies Retryable[];
export type WithoutJob = (typeof WITHOUT_JOB)[number];
