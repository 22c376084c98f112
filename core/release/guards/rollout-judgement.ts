import { z } from 'zod';

const Verdict = z.enum(['healthy', 'tripped', 'inconclusive']);

/** What the guards had to say of a release, from their metrics while its traffic shifted. */
export const RolloutJudgement = z.strictObject({
  verdict: Verdict,
  /** What the rollout does where the guards can't judge a step. */
  whenInconclusive: z.enum(['proceed', 'rollBack']).nullable(),
  /** The time that was looked at, ISO. */
  from: z.string(),
  to: z.string(),
  guards: z.array(
    z.strictObject({
      guard: z.string(),
      alarm: z.string(),
      verdict: Verdict,
      comparison: z.string(),
      threshold: z.number(),
      /** The value that was furthest towards the threshold, or beyond it. */
      worst: z.number().nullable(),
      periodSeconds: z.number(),
      /** Periods that were looked at, and those of them that could be judged. */
      periods: z.number(),
      judged: z.number(),
      /** The most samples of a period, and how many it takes. */
      samples: z.number().nullable(),
      minimumSamples: z.number(),
    }),
  ),
});
export type RolloutJudgement = z.output<typeof RolloutJudgement>;

/** That the guards of a release should have been asked and could not be, as without permission to read their alarms. */
export interface NotJudged {
  readonly notJudged: string;
}
