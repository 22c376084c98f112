import { CreateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { ONNX_SHA256 } from '../../core/names';
import { APPROVED_BY } from '../../core/release/aws/model-packages';
import { versionOfArn } from '../../core/release/version-of-arn';
import type { Target } from '../loop/target';
import { type Fault, REHEARSAL, REHEARSAL_OF } from './fault';
import type { LivePackage } from './live-package';

/**
 * Registers a version that differs from the live one in its artefact only, with the evaluation of the live one and
 * metadata that says what it is.
 * @param artefact URI of a model.tar.gz
 */
export async function registerVersion(
  target: Target,
  { arn, version, description, trainingImage }: LivePackage,
  kind: Fault | 'good',
  artefact: string,
): Promise<{ readonly arn: string; readonly version: number }> {
  const { InferenceSpecification, ModelMetrics, CustomerMetadataProperties = {} } = description;
  const [container, ...others] = InferenceSpecification?.Containers ?? [];
  const { [APPROVED_BY]: _, ...metadata } = CustomerMetadataProperties;
  const { ModelPackageArn = '' } = await target.clients.sageMaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName: target.name,
      ModelPackageDescription: `Rehearsal of a release (${kind}), made from version ${version}`,
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: {
        SupportedContentTypes: InferenceSpecification?.SupportedContentTypes,
        SupportedResponseMIMETypes: InferenceSpecification?.SupportedResponseMIMETypes,
        Containers: container && [
          {
            // A bad version has faults that only the Python server can have.
            Image: kind === 'good' ? container.Image : trainingImage,
            Environment: container.Environment,
            ModelDataUrl: artefact,
          },
          ...others,
        ],
      },
      ModelMetrics,
      CustomerMetadataProperties: {
        ...metadata,
        // The Python server has no use for the graph, and the faulty estimator isn't what it was made of.
        ...(kind !== 'good' && metadata[ONNX_SHA256] !== undefined && { [ONNX_SHA256]: 'none' }),
        [REHEARSAL]: kind,
        [REHEARSAL_OF]: arn,
      },
    }),
  );
  return { arn: ModelPackageArn, version: versionOfArn(ModelPackageArn) ?? 0 };
}
