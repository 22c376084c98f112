import type { Json, JsonObject } from '../../../core/json';
import type { EventPublisher } from '../context';
import { EVENT_STATUS } from './endpoint-event';
import type { EndpointRecord } from './endpoint-record';

/** What the event has of DescribeEndpoint. */
const MEMBERS = [
  'EndpointName',
  'EndpointArn',
  'EndpointConfigName',
  'ProductionVariants',
  'ShadowProductionVariants',
  'FailureReason',
  'CreationTime',
  'LastModifiedTime',
  'PendingDeploymentSummary',
] as const;

/**
 * The event of a deployment that has come to its next stage.
 * @param described as DescribeEndpoint shows the endpoint just now
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-deployment-state
 */
export function deploymentStateChange(
  { EndpointArn, EndpointStatus }: EndpointRecord,
  described: JsonObject,
): Parameters<EventPublisher['publish']>[0] {
  const found = MEMBERS.filter((member) => described[member] !== undefined);
  return {
    'detail-type': 'SageMaker Endpoint Deployment State Change',
    resources: [EndpointArn],
    detail: {
      ...Object.fromEntries(found.map((member) => [member, inMilliseconds(described[member] as Json, member)])),
      EndpointStatus: EVENT_STATUS[EndpointStatus],
      Tags: {},
    },
  };
}

/** Events tell times in milliseconds, actions in ISO's form. */
function inMilliseconds(value: Json, member: string): Json {
  if (Array.isArray(value)) return value.map((each) => inMilliseconds(each, member));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(members.map(([name, each]) => [name, inMilliseconds(each as Json, name)]));
  }
  return typeof value === 'string' && member.endsWith('Time') ? Date.parse(value) : value;
}
