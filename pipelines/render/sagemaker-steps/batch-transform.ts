import type { BatchTransformStep, Runtime } from '../../definition';
import { type Step, step } from '../../sagemaker/step';
import { cluster, common, jobOptions, serviceRetry, unlessEmpty, vpc } from './common';
import type { Values } from './values';

/**
 * Two steps: SageMaker transforms with a Model only. The Model stays, as nothing in a pipeline can delete it; it costs
 * nothing.
 */
export function batchTransform(definition: BatchTransformStep, runtime: Runtime, values: Values): Step[] {
  const { name, image = runtime.image, model, script, input, records, environment, compute } = definition;
  const { contentType } = records;
  const { InstanceType, InstanceCount, VolumeKmsKeyId } = cluster(compute, runtime);
  const made = step(
    'Model',
    `${name}Model`,
    {
      ExecutionRoleArn: runtime.identity,
      PrimaryContainer: {
        Image: values.text(image),
        ModelDataUrl: values.text(model),
        Environment: { SAGEMAKER_PROGRAM: script, ...runtime.environment, ...environment },
      },
      VpcConfig: vpc(runtime),
      EnableNetworkIsolation: runtime.network?.isolated,
    },
    { ...common(definition), displayName: undefined, retryPolicies: serviceRetry(definition.retry) },
  );
  const transform = step(
    'Transform',
    name,
    {
      ModelName: made.properties.ModelName,
      BatchStrategy: records.strategy,
      MaxPayloadInMB: records.maxPayloadMb,
      MaxConcurrentTransforms: records.maxConcurrentTransforms,
      TransformInput: {
        ContentType: contentType,
        SplitType: records.splitType,
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: values.text(input) } },
      },
      TransformOutput: {
        S3OutputPath: values.destination(name, 'answers', 'workspace'),
        Accept: contentType,
        AssembleWith: records.splitType === 'Line' ? 'Line' : 'None',
        KmsKeyId: runtime.encryptionKey,
      },
      TransformResources: { InstanceType, InstanceCount, VolumeKmsKeyId },
      DataProcessing: unlessEmpty(records.joinInput ? { JoinSource: 'Input' as const } : {}),
    },
    jobOptions({ ...definition, cacheDays: 0 }),
  );
  return [made, transform];
}
