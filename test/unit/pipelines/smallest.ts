import type { ModelInput } from '../../../config/model-spec';
import { defineModels } from '../../../config/schema';
import { defineSageMakerPipeline } from '../../../pipelines/sagemaker/define';
import type { SageMakerDefinition } from '../../../pipelines/sagemaker/definition';
import type { Parameter } from '../../../pipelines/sagemaker/parameter';
import { type Step, type StepOptions, step } from '../../../pipelines/sagemaker/step';
import type { StandardPipelineProps } from '../../../pipelines/standard-pipeline';
import { model } from '../config/smallest';

export const ROLE = 'arn:aws:iam::123456789012:role/job';

/** What the standard pipeline of a model called `churn` is made from; a test states only what it changes. */
export function standard(
  spec: Partial<ModelInput> = {},
  overrides: Partial<StandardPipelineProps> = {},
): StandardPipelineProps {
  return {
    environmentName: 'test',
    modelName: 'churn',
    spec: defineModels({ churn: model(spec) }).churn,
    imageUri: 'image',
    roleArn: ROLE,
    rawUri: 's3://raw',
    curatedUri: 's3://curated',
    modelsUri: 's3://models',
    modelPackageGroupName: 'test-churn',
    ...overrides,
  };
}

/** The smallest request of a processing job with these outputs. */
export function processingJob(outputs: readonly string[] = [], change: object = {}) {
  return {
    RoleArn: ROLE,
    AppSpecification: { ImageUri: 'image' },
    ProcessingResources: {
      ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large' as const, VolumeSizeInGB: 30 },
    },
    ...(outputs.length > 0 && {
      ProcessingOutputConfig: {
        Outputs: outputs.map((OutputName) => ({
          OutputName,
          S3Output: {
            S3Uri: `s3://bucket/${OutputName}`,
            LocalPath: `/opt/ml/processing/output/${OutputName}`,
            S3UploadMode: 'EndOfJob' as const,
          },
        })),
      },
    }),
    ...change,
  };
}

/** The smallest processing step. */
export function prepare(
  name: string,
  outputs: readonly string[] = [],
  options: StepOptions<'Processing'> = {},
): Step<'Processing'> {
  return step('Processing', name, processingJob(outputs), options);
}

/** A pipeline of these steps, checked. */
export function define(steps: readonly Step[], parameters: readonly Parameter[] = []): SageMakerDefinition {
  return defineSageMakerPipeline({ name: 'test', parameters, steps });
}
