import type { JsonObject } from '../../../core/json';
import type { EventPublisher } from '../context';
import type { ModelPackageRecord } from './model-package-record';

/**
 * Tells EventBridge what a package is now, with the detail that the service documents.
 * @param updated names of the members that changed; empty for a new package
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-model-package
 */
export async function publishModelPackage(
  events: EventPublisher,
  record: ModelPackageRecord,
  updated: readonly string[],
): Promise<void> {
  const detail: JsonObject = {
    ...record,
    LastModifiedTime: record.LastModifiedTime ?? record.CreationTime,
    ...(updated.length > 0 && { UpdatedModelPackageFields: updated }),
  };
  await events.publish({
    'detail-type': 'SageMaker Model Package State Change',
    resources: [record.ModelPackageArn],
    detail,
  });
}
