import type { EndpointDescription, VariantDescription, VariantStatus } from './endpoint-description';

/** How far an update of an endpoint has come. */
export interface ShiftProgress {
  /**
   * What SageMaker is doing to the new fleet, in its words: `Creating`, `Updating`, `ActivatingTraffic`, `Baking` or
   * `Deleting`; `RollingBack` while the endpoint goes back; null where it doesn't say.
   */
  readonly stage: string | null;
  /** Share of the traffic that the new fleet takes, 0 to 100. Null where SageMaker doesn't say. */
  readonly percent: number | null;
  readonly endpointConfig: string;
  /** When the update began, ISO. */
  readonly startedAt: string | null;
  /** Until the present watch ends, in seconds of whoever waits; null while nothing is being watched. */
  readonly secondsLeft: number | null;
}

/**
 * Reads the progress of an update from DescribeEndpoint. The size of the capacity that takes traffic, and how long it is
 * watched, stand in the status message only.
 * @param speed how many times faster the endpoint's waits go by than they are configured, as on a laptop
 * @returns undefined if no update is on its way
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-endpoint-deployment
 */
export function shiftProgress(endpoint: EndpointDescription, now: Date, speed = 1): ShiftProgress | undefined {
  const { PendingDeploymentSummary: pending, EndpointStatus } = endpoint;
  if (!pending) return undefined;
  const variant = pending.ProductionVariants?.[0];
  const status = variant?.VariantStatus?.at(-1);
  return {
    stage: EndpointStatus === 'RollingBack' ? EndpointStatus : (status?.Status ?? null),
    percent: variant && status ? percentOf(variant, status) : null,
    endpointConfig: pending.EndpointConfigName ?? '',
    startedAt: pending.StartTime?.toISOString() ?? null,
    secondsLeft: secondsLeft(status, now, speed),
  };
}

function percentOf(variant: VariantDescription, { Status, StatusMessage = '' }: VariantStatus): number | null {
  const [, kind, instances] = /(\w+) capacity of (\d+) instance/.exec(StatusMessage) ?? [];
  if (kind === 'full') return 100;
  // SageMaker leaves the weights as they are; a laptop has fewer instances than percent, and moves the weights.
  const weight = share(variant.CurrentWeight, variant.DesiredWeight) ?? 100;
  const least = (capacity: number | null) => (capacity === null ? null : Math.min(capacity, weight));
  if (instances !== undefined) return least(share(Number(instances), variant.DesiredInstanceCount));
  if (Status === 'Creating') return 0;
  // Between two steps, more capacity starts while what was watched before goes on answering.
  return Status === 'Baking' ? least(share(variant.CurrentInstanceCount, variant.DesiredInstanceCount)) : null;
}

function share(part: number | undefined, whole: number | undefined): number | null {
  if (part === undefined || !whole) return null;
  return Math.min(100, Math.round((100 * part) / whole));
}

function secondsLeft(status: VariantStatus | undefined, now: Date, speed: number): number | null {
  const [, seconds] = /for (\d+) second/.exec(status?.StatusMessage ?? '') ?? [];
  if (status?.Status !== 'Baking' || seconds === undefined || !status.StartTime) return null;
  const elapsed = (now.getTime() - status.StartTime.getTime()) / 1000;
  return Math.max(0, Math.ceil(Number(seconds) / speed - elapsed));
}
