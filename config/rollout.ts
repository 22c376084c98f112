import { z } from 'zod';

/** When a shift of traffic counts as bad. While there is no data a guard is inconclusive, never healthy. */
const Guards = z.strictObject({
  /** Share of requests answered with a 5xx, in percent, above which the release goes back. */
  errorRatePercent: z.number().gt(0).max(100).default(1),
  /** 99th percentile of ModelLatency in milliseconds above which the release goes back. */
  p99LatencyMs: z.number().gt(0).max(60_000).default(1000),
  /** Requests in a minute below which the error rate is not judged. */
  minimumRequests: z.int().min(1).default(20),
});
export type Guards = z.output<typeof Guards>;

const guards = Guards.prefault({});

/**
 * How a new release takes over from the old one.
 * The bounds are SageMaker's: a canary of at most half the fleet, linear steps of 10 to 50 percent, waits of at most an hour.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export const Rollout = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('canary'),
    /** Share of capacity that takes traffic first. */
    percent: z.int().min(1).max(50).default(10),
    /** How long the first step, and then the whole fleet, is watched. */
    bakeMinutes: z.int().min(1).max(60).default(10),
    guards,
  }),
  z.strictObject({
    kind: z.literal('linear'),
    stepPercent: z.int().min(10).max(50).default(20),
    stepMinutes: z.int().min(1).max(60).default(5),
    guards,
  }),
  z.strictObject({
    kind: z.literal('blueGreen'),
    /** How long both fleets run after all traffic has moved. */
    bakeMinutes: z.int().min(1).max(60).default(10),
    guards,
  }),
  z.strictObject({
    /**
     * All traffic moves as soon as the new version is healthy, and nothing goes back by itself: the guards only tell
     * people. For what has no deployment guardrails: serverless endpoints, and Inf1 instances.
     */
    kind: z.literal('allAtOnce'),
    guards,
  }),
]);
export type Rollout = z.output<typeof Rollout>;
