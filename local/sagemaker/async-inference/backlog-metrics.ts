import type { Measurement } from '../endpoint/invocation-metrics';

export interface Backlog {
  /** Requests that wait or are being answered. */
  readonly size: number;
  /** Instances that the endpoint should have. */
  readonly instances: number;
  /** Age of the oldest request that waits; 0 if none does. */
  readonly oldestSeconds: number;
}

/**
 * What autoscaling looks at. Without an instance there is no backlog per instance: HasBacklogWithoutCapacity is what
 * wakes such an endpoint.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export function backlogMetrics(endpointName: string, { size, instances, oldestSeconds }: Backlog): Measurement[] {
  const count = (name: string, value: number): Measurement => ({ endpointName, name, unit: 'Count', value });
  return [
    count('ApproximateBacklogSize', size),
    ...(instances > 0 ? [count('ApproximateBacklogSizePerInstance', size / instances)] : []),
    { endpointName, name: 'ApproximateAgeOfOldestRequest', unit: 'Seconds', value: oldestSeconds },
    count('HasBacklogWithoutCapacity', size > 0 && instances === 0 ? 1 : 0),
  ];
}
