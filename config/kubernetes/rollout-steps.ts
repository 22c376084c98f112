import type { Rollout } from '../rollout';

/** One step of a release. */
export interface RolloutStep {
  /** Share of the traffic that the new release takes, 1 to 100. */
  readonly percent: number;
  /** How long it is watched before the next step. */
  readonly minutes: number;
}

/** A rollout as steps, the same on every engine as on SageMaker: the last one is always all traffic. */
export function rolloutSteps(rollout: Rollout): readonly RolloutStep[] {
  const minutes = stepMinutes(rollout);
  return shares(rollout).map((percent) => ({ percent, minutes }));
}

/** How long each step of a rollout is watched: all of them alike. */
export function stepMinutes(rollout: Rollout): number {
  if (rollout.kind === 'allAtOnce') return 0;
  return rollout.kind === 'linear' ? rollout.stepMinutes : rollout.bakeMinutes;
}

function shares(rollout: Rollout): number[] {
  if (rollout.kind === 'canary') return [rollout.percent, 100];
  if (rollout.kind !== 'linear') return [100];
  const { stepPercent } = rollout;
  return Array.from({ length: Math.ceil(100 / stepPercent) }, (_, index) => Math.min(100, stepPercent * (index + 1)));
}
