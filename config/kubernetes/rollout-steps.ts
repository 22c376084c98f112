import type { Rollout } from '../rollout';

/** One step of a release. */
export interface RolloutStep {
  /** Share of the traffic that the new release takes, 1 to 100. */
  readonly percent: number;
  /** How long it is watched before the next step. */
  readonly minutes: number;
}

/** A rollout as steps, the same on every engine as on SageMaker: the last one is always all traffic. */
export function rolloutSteps(rollout: Rollout): readonly [RolloutStep, ...RolloutStep[]] {
  switch (rollout.kind) {
    case 'canary':
      return [
        { percent: rollout.percent, minutes: rollout.bakeMinutes },
        { percent: 100, minutes: rollout.bakeMinutes },
      ];
    case 'linear': {
      const { stepPercent, stepMinutes: minutes } = rollout;
      const [first, ...others] = Array.from({ length: Math.ceil(100 / stepPercent) }, (_, index) => ({
        percent: Math.min(100, stepPercent * (index + 1)),
        minutes,
      }));
      return [first ?? { percent: 100, minutes }, ...others];
    }
    case 'blueGreen':
      return [{ percent: 100, minutes: rollout.bakeMinutes }];
    case 'allAtOnce':
      return [{ percent: 100, minutes: 0 }];
  }
}
