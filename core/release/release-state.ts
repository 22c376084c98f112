import { z } from 'zod';
import { Decision } from './decision';

export const OUTCOMES = ['released', 'rolled-back', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * What is known of a model's release: one record, replaced by compare-and-swap, so that two who act at once can't both
 * believe that it's their turn. The release parameter and the stack follow from it.
 */
export const ReleaseState = z.strictObject({
  schema: z.literal(1),
  /** The newest decision that was acted on. */
  decision: Decision,
  /** Unsettled from the moment somebody takes a decision up until its outcome is known and recorded. */
  settled: z.boolean(),
  /** Null until it is settled. */
  outcome: z.enum(OUTCOMES).nullable(),
  /** When the decision was taken up, ISO. */
  startedAt: z.string(),
  /** ARN of the release before, or `none`: where a failure goes back to. */
  previous: z.string(),
  /** ARN of the last release that was seen to serve, or `none`. */
  live: z.string(),
});
export type ReleaseState = z.output<typeof ReleaseState>;
