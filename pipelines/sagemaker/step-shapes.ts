import * as sm from '@aws-sdk/client-sagemaker';
import { BOOLEAN, DOCUMENT, list, map, type Schema, STRING, structure } from '../shape/schema';
import type { StepType } from './step-types';

/** What the checks know of a step type, as schemas in the form of the SDK's. */
export interface StepShape {
  /** Of the arguments. */
  readonly request: Schema;
  /** Required members of the request that SageMaker fills in. @default - none */
  readonly ownedMember?: string;
  /** Members of the request that mustn't be given in a pipeline, with the reason. @default {} */
  readonly refused?: Readonly<Record<string, string>>;
  /** What `Steps.NAME` leads to. @default - nothing that has a fixed shape */
  readonly properties?: readonly Schema[];
  /** Members of the step that stand beside its arguments. @default - none */
  readonly beside?: {
    readonly required: Readonly<Record<string, Schema>>;
    readonly optional: Readonly<Record<string, Schema>>;
  };
}

const NAMED_BY_SAGEMAKER = 'SageMaker names what a pipeline makes';

function job(ownedMember: string, request: Schema, ...properties: Schema[]): StepShape {
  return { request, ownedMember, refused: { [ownedMember]: NAMED_BY_SAGEMAKER }, properties };
}

function baselineCheck(what: readonly string[], own: Readonly<Record<string, Schema>>): StepShape {
  const calculated = what.flatMap((part) => [`CalculatedBaseline${part}`, `BaselineUsedForDriftCheck${part}`]);
  return {
    ...job(
      'ProcessingJobName',
      sm.CreateProcessingJobRequest$,
      structure('BaselineCheck', {}, Object.fromEntries(calculated.map((member) => [member, STRING]))),
    ),
    beside: {
      required: { CheckType: STRING },
      optional: {
        ModelPackageGroupName: STRING,
        SkipCheck: BOOLEAN,
        FailOnViolation: BOOLEAN,
        RegisterNewBaseline: BOOLEAN,
        SuppliedBaselineConstraints: STRING,
        ...own,
      },
    },
  };
}

const outputParameters = list(structure('OutputParameter', { OutputName: STRING, OutputType: STRING }));

/** Total over the step types but Condition, whose arguments hold steps. */
export const STEP_SHAPES: Readonly<Record<Exclude<StepType, 'Condition'>, StepShape>> = {
  Processing: job('ProcessingJobName', sm.CreateProcessingJobRequest$, sm.DescribeProcessingJobResponse$),
  Training: job('TrainingJobName', sm.CreateTrainingJobRequest$, sm.DescribeTrainingJobResponse$),
  Tuning: job(
    'HyperParameterTuningJobName',
    sm.CreateHyperParameterTuningJobRequest$,
    sm.DescribeHyperParameterTuningJobResponse$,
    sm.ListTrainingJobsForHyperParameterTuningJobResponse$,
  ),
  AutoML: job('AutoMLJobName', sm.CreateAutoMLJobRequest$, sm.DescribeAutoMLJobResponse$),
  Transform: job('TransformJobName', sm.CreateTransformJobRequest$, sm.DescribeTransformJobResponse$),
  Model: job('ModelName', sm.CreateModelInput$, sm.DescribeModelOutput$),
  RegisterModel: {
    request: sm.CreateModelPackageInput$,
    refused: {
      ModelPackageName: 'a package of a pipeline belongs to a group and gets a version of it',
      CertifyForMarketplace: 'SageMaker refuses it in a pipeline',
    },
    properties: [sm.DescribeModelPackageOutput$],
  },
  QualityCheck: baselineCheck(['Statistics', 'Constraints'], { SuppliedBaselineStatistics: STRING }),
  ClarifyCheck: baselineCheck(['Constraints'], { ModelName: STRING }),
  Lambda: {
    request: map(DOCUMENT),
    beside: { required: { FunctionArn: STRING }, optional: { OutputParameters: outputParameters } },
  },
  Callback: {
    request: map(DOCUMENT),
    beside: { required: { SqsQueueUrl: STRING }, optional: { OutputParameters: outputParameters } },
  },
  EMR: {
    request: structure(
      'EmrRequest',
      {
        StepConfig: structure('EmrStepConfig', {
          HadoopJarStep: structure(
            'HadoopJarStep',
            { Jar: STRING },
            {
              Args: list(STRING),
              MainClass: STRING,
              Properties: list(structure('KeyValue', { Key: STRING, Value: STRING })),
            },
          ),
        }),
      },
      { ClusterId: STRING, ClusterConfig: DOCUMENT, ExecutionRoleArn: STRING },
    ),
    properties: [structure('EmrStep', {}, { ClusterId: STRING, Id: STRING, Name: STRING, ActionOnFailure: STRING })],
  },
  EndpointConfig: {
    request: sm.CreateEndpointConfigInput$,
    refused: {
      DataCaptureConfig: 'SageMaker refuses it in a pipeline',
      ExplainerConfig: 'SageMaker refuses it in a pipeline',
    },
    properties: [sm.DescribeEndpointConfigOutput$],
  },
  Endpoint: {
    request: sm.CreateEndpointInput$,
    refused: { DeploymentConfig: 'SageMaker refuses it in a pipeline' },
    properties: [sm.DescribeEndpointOutput$],
  },
  InferenceComponent: {
    request: sm.CreateInferenceComponentInput$,
    properties: [sm.DescribeInferenceComponentOutput$],
  },
  Fail: { request: structure('FailStep', { ErrorMessage: STRING }) },
};
