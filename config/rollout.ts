import { z } from 'zod';
import { Guards } from './guards';

export type { Guards } from './guards';

const guards = Guards.prefault({});
const WhenInconclusive = z.enum(['proceed', 'rollBack']);
export type WhenInconclusive = z.output<typeof WhenInconclusive>;

const common = {
  guards,
  /**
   * What becomes of a release whose guards could not judge it in a whole step, for want of traffic or of data.
   * `proceed`: it takes over, and its evidence says that it was inconclusive. `rollBack`: it goes back as if a guard had
   * gone off, and so does a return to the release before. docs/adr/0006-no-data.md argues the default.
   * @default 'proceed'
   */
  whenInconclusive: WhenInconclusive.default('proceed'),
};

/** SageMaker takes pauses of 0. Nothing is watched then, so every guard has to be null. */
const pause = z.int().min(0).max(60);

/**
 * How a new release takes over from the old one.
 * The bounds are SageMaker's: a canary of at most half the fleet, linear steps of 10 to 50 percent, waits of at most an hour.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export const Rollout = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('canary'),
    /** Share of capacity that takes traffic first. @default 10 */
    percent: z.int().min(1).max(50).default(10),
    /** How long the first step, and then the whole fleet, is watched. @default 10 */
    bakeMinutes: pause.default(10),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('linear'),
    /** @default 20 */
    stepPercent: z.int().min(10).max(50).default(20),
    /** @default 5 */
    stepMinutes: pause.default(5),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('blueGreen'),
    /** How long both fleets run after all traffic has moved. @default 10 */
    bakeMinutes: pause.default(10),
    ...common,
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
