import { z } from 'zod';

/** What the serving stack says of the guards of a release, for those who judge it afterwards. */
export const WatchedGuards = z.strictObject({
  /** As the rollout has it; `allAtOnce` watches nothing, and has none. */
  whenInconclusive: z.enum(['proceed', 'rollBack']).nullable(),
  /** How long the guards watch in all, pauses and termination wait together. */
  watchSeconds: z.number().min(0),
  guards: z.array(
    z.strictObject({
      /** As the alarm's construct: `ErrorRate`. */
      guard: z.string(),
      alarmName: z.string(),
      /** Below as many of what the alarm's query of that id counts, the guard says nothing. @default - it always does */
      samples: z.strictObject({ query: z.string(), minimum: z.number() }).optional(),
    }),
  ),
});
export type WatchedGuards = z.output<typeof WatchedGuards>;
