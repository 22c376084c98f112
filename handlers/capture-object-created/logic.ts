import { independentSamples, type PredictionShift, predictionShift } from '../../core/guards/prediction-shift';
import {
  PREDICTION_SHIFT_METRIC,
  PREDICTION_SHIFT_NAMESPACE,
  PREDICTION_SHIFT_SAMPLES_METRIC,
} from '../../core/guards/prediction-shift-metric';
import { unlessMissing } from '../../core/release/aws/service-errors';
import type { CaptureApi } from './capture-api';
import { capturedRequests, type FileCache } from './captured-requests';

export interface JudgePredictionsProps {
  readonly endpointName: string;
  readonly variantName: string;
  readonly api: CaptureApi;
  /** Kept between calls; emptied when no release is under way. */
  readonly cache: FileCache;
  readonly now: () => Date;
}

export type PredictionJudgement =
  /** Nothing is being deployed. */
  | { readonly kind: 'no-release' }
  /** One of the two releases captures nothing. */
  | { readonly kind: 'not-captured' }
  /** Two models capture to one place, and nothing says which of them a line is of. */
  | { readonly kind: 'not-told-apart' }
  | ({ readonly kind: 'compared' } & PredictionShift);

/** How far back the predictions of the old release may lie. */
const LOOK_BACK_MS = 24 * 3_600_000;

/**
 * While a release takes over: compares what it has predicted so far with what the old one predicts, and reports the
 * distance to CloudWatch. Each release captures to a prefix of its own, so the two don't mix, however small the canary.
 * Called for every file of captured data, and idle unless there is a deployment.
 */
export async function judgePredictions(props: JudgePredictionsProps): Promise<PredictionJudgement> {
  const { endpointName, variantName, api, cache, now } = props;
  const endpoint = await unlessMissing(api.describeEndpoint({ EndpointName: endpointName }));
  const { EndpointConfigName: live, PendingDeploymentSummary: pending } = endpoint ?? {};
  if (live === undefined || pending?.EndpointConfigName === undefined || pending.StartTime === undefined) {
    cache.clear();
    return { kind: 'no-release' };
  }
  const [before, after] = await Promise.all([captureOf(api, live), captureOf(api, pending.EndpointConfigName)]);
  if (before.uri === undefined || after.uri === undefined) return { kind: 'not-captured' };
  if (before.uri === after.uri && before.model !== after.model) return { kind: 'not-told-apart' };
  const until = now();
  const captured = (uri: string, from: Date) =>
    capturedRequests(api, cache, { uri, endpointName, variantName }, [from, until]);
  const fresh = await captured(after.uri, pending.StartTime);
  const shift =
    before.uri === after.uri || isReturn(before.uri, after.uri)
      ? unchanged(independentSamples(fresh))
      : predictionShift(await captured(before.uri, new Date(until.getTime() - LOOK_BACK_MS)), fresh);
  // Now, as reading took a while, and alarms look at the last minute.
  await report(props, shift, now());
  return { kind: 'compared', ...shift };
}

/**
 * Whether an earlier version takes over again. It was judged when it came, and the one that it replaces is no measure:
 * a guard that sent it back would keep the bad release.
 */
function isReturn(before: string, after: string): boolean {
  const [old, fresh] = [before, after].map((uri) => Number(uri.split('/').at(-1)));
  return (fresh ?? Number.NaN) < (old ?? Number.NaN);
}

/** The same release on both sides, as when only the infrastructure changes, or an earlier one: nothing to find. */
function unchanged(samples: number): PredictionShift {
  return { shift: 0, distance: 0, samples, referenceSamples: samples };
}

async function captureOf(
  api: CaptureApi,
  config: string,
): Promise<{ uri: string | undefined; model: string | undefined }> {
  const found = await unlessMissing(api.describeEndpointConfig({ EndpointConfigName: config }));
  const { EnableCapture = true, DestinationS3Uri } = found?.DataCaptureConfig ?? {};
  return {
    uri: EnableCapture ? DestinationS3Uri?.replace(/\/+$/, '') : undefined,
    model: found?.ProductionVariants?.[0]?.ModelName,
  };
}

async function report(
  { endpointName, variantName, api }: JudgePredictionsProps,
  { shift, samples }: PredictionShift,
  Timestamp: Date,
): Promise<void> {
  const datum = (MetricName: string, Value: number, Unit: 'None' | 'Count') => ({
    MetricName,
    Value,
    Unit,
    Timestamp,
    Dimensions: [
      { Name: 'EndpointName', Value: endpointName },
      { Name: 'VariantName', Value: variantName },
    ],
  });
  await api.putMetricData({
    Namespace: PREDICTION_SHIFT_NAMESPACE,
    MetricData: [
      datum(PREDICTION_SHIFT_METRIC, shift, 'None'),
      datum(PREDICTION_SHIFT_SAMPLES_METRIC, samples, 'Count'),
    ],
  });
}
