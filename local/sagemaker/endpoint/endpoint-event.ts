import type { JsonObject } from '../../../core/json';
import type { EndpointRecord, EndpointStatus } from './endpoint-record';

/** Events spell the status differently from DescribeEndpoint. */
export const EVENT_STATUS: Readonly<Record<EndpointStatus, string>> = {
  OutOfService: 'OUT_OF_SERVICE',
  Creating: 'CREATING',
  Updating: 'UPDATING',
  RollingBack: 'ROLLING_BACK',
  InService: 'IN_SERVICE',
  Deleting: 'DELETING',
  Failed: 'FAILED',
};

/**
 * The event of a change of status.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-endpoint
 */
export function endpointStateChange(record: EndpointRecord): {
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
} {
  const { EndpointName, EndpointArn, EndpointConfigName, EndpointStatus, FailureReason } = record;
  return {
    'detail-type': 'SageMaker Endpoint State Change',
    resources: [EndpointArn],
    detail: {
      EndpointName,
      EndpointArn,
      EndpointConfigName,
      ProductionVariants: (record.live?.variants ?? []).map(({ name, weight, instanceCount }) => ({
        VariantName: name,
        DesiredWeight: weight,
        DesiredInstanceCount: instanceCount,
      })),
      EndpointStatus: EVENT_STATUS[EndpointStatus],
      ...(FailureReason !== undefined && { FailureReason }),
      CreationTime: Date.parse(record.CreationTime),
      LastModifiedTime: Date.parse(record.LastModifiedTime),
      Tags: {},
    },
  };
}
