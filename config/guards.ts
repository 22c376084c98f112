import { z } from 'zod';

/** Percent of requests. Above 0 percent means one is enough; nothing is ever above 100. */
const share = z.number().min(0).lt(100);
/** Milliseconds. SageMaker itself cuts an invocation off after a minute. */
const latency = z.number().gt(0).max(60_000);
/** Percent of what an instance has. */
const utilisation = z.number().gt(0).lt(100);

export const COMPARISONS = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;

/** Parts of a dimension's value that are filled in for each environment. */
export const PLACEHOLDERS = ['{endpointName}', '{variantName}'] as const;

/**
 * A metric of your own. It goes off when each of so many minutes in a row is beyond the threshold.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const CustomMetric = z.strictObject({
  /** Names the alarm, so a new name makes a new one. */
  name: z
    .string()
    .regex(/^[A-Z][A-Za-z0-9]*$/, 'the name of a guard is letters and digits, as in BasketValue')
    .max(40),
  namespace: z.string().regex(/^[^:][A-Za-z0-9.\-_/#:]{0,254}$/, "a namespace is 1 to 255 of CloudWatch's characters"),
  metricName: z.string().min(1).max(255),
  /**
   * By name. `{endpointName}` and `{variantName}` in a value stand for those of the environment that is deployed.
   * @default {}
   */
  dimensions: z
    .record(
      z.string().min(1).max(255),
      z
        .string()
        .min(1)
        .max(1024)
        .refine(
          (value) => (value.match(/\{[^}]*\}/g) ?? []).every((part) => PLACEHOLDERS.some((known) => known === part)),
          `a dimension's value knows ${PLACEHOLDERS.join(' and ')} and no other placeholder`,
        ),
    )
    .refine((dimensions) => Object.keys(dimensions).length <= 30, 'a metric has at most 30 dimensions')
    .default({}),
  statistic: z
    .string()
    .regex(
      /^(Average|Sum|Minimum|Maximum|SampleCount|p(\d{1,2}(\.\d{1,2})?|100))$/,
      'a statistic is Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p99.9',
    ),
  /** @default 'GreaterThanThreshold' */
  comparison: z.enum(COMPARISONS).default('GreaterThanThreshold'),
  threshold: z.number(),
  /** @default 1 */
  minutes: z.int().min(1).max(60).default(1),
});
export type CustomMetric = z.output<typeof CustomMetric>;

const PredictionShift = z.strictObject({
  /**
   * Distance between the distributions of the old and the new release's predictions, 0 (the same) to 1 (nothing in
   * common), that is still taken for a better model. The release goes back once the distance is larger than this beyond
   * sampling noise. @default 0.3
   */
  maximumShift: z.number().gt(0).lt(1).default(0.3),
  /**
   * Captured requests that the new release must have answered before it is judged: thirty
   * show a complete shift, a few hundred one of a half. @default 30
   */
  minimumSamples: z.int().min(1).max(1_000_000).default(30),
});
export type PredictionShift = z.output<typeof PredictionShift>;

/**
 * When a shift of traffic counts as bad. While there is no data a guard is inconclusive, never healthy.
 *
 * On by default are the two whose going off is the endpoint's own fault whatever the model: answers of 5xx, and slow
 * ones. Both can be turned off with null. The others need a number that only the owner of the model knows: how many bad
 * requests its callers send, how busy its instances may be, how far its predictions may move.
 */
export const Guards = z.strictObject({
  /**
   * Share of requests answered with a 5xx, in percent, above which the release goes back. 0: a single one is enough.
   * @default 1
   */
  errorRatePercent: share.nullable().default(1),
  /**
   * Share of requests answered with a 4xx, in percent: a release that no longer takes what callers send. The callers'
   * own mistakes count too, whatever the release does. @default - not watched
   */
  clientErrorRatePercent: share.nullish(),
  /**
   * Median of ModelLatency in milliseconds. The median of both fleets moves only once more than half of the traffic
   * meets the new one, so it takes the rollout blueGreen. @default - not watched
   */
  p50LatencyMs: latency.nullish(),
  /** 99th percentile of ModelLatency in milliseconds above which the release goes back. @default 1000 */
  p99LatencyMs: latency.nullable().default(1000),
  /** Median of OverheadLatency, what SageMaker adds, in milliseconds; see p50LatencyMs. @default - not watched */
  p50OverheadLatencyMs: latency.nullish(),
  /** 99th percentile of OverheadLatency in milliseconds. @default - not watched */
  p99OverheadLatencyMs: latency.nullish(),
  /** Of the busiest instance for three minutes, in percent of all its cores. @default - not watched */
  cpuPercent: utilisation.nullish(),
  /** Of the fullest instance for three minutes. @default - not watched */
  memoryPercent: utilisation.nullish(),
  /** Of the fullest instance for three minutes. Data capture stops at about 75. @default - not watched */
  diskPercent: utilisation.nullish(),
  /** Predictions of the new release against those of the old one, from captured data. @default - not watched */
  predictionShift: PredictionShift.nullish(),
  /** @default [] */
  custom: z
    .array(CustomMetric)
    .refine(
      (metrics) => new Set(metrics.map(({ name }) => name)).size === metrics.length,
      'each of the custom guards has a name of its own',
    )
    .default([]),
  /** Requests in a minute below which their rates and latencies are not judged. @default 20 */
  minimumRequests: z.int().min(1).default(20),
});
export type Guards = z.output<typeof Guards>;

/** Whether nothing is watched at all. */
export function isUnguarded(guards: Guards): boolean {
  return Object.entries(guards).every(
    ([setting, guard]) =>
      setting === 'minimumRequests' || (setting === 'custom' ? guards.custom.length === 0 : (guard ?? null) === null),
  );
}
