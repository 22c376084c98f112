import type { ModelSpec } from '../../config/model-spec';
import type { Rollout } from '../../config/rollout';
import { startupSeconds } from '../../config/startup-seconds';
import { InvalidInputError } from '../../core/invalid-input-error';

/** Getting instances, keeping the old fleet for a while, and the stack's own steps; generous. */
const BESIDE_THE_PAUSES = 60;
const LONGEST = 10_000;

/** How long to wait for a release at most: twice what one may take, as another may be ahead of it. */
export function waitMinutes({ rollout, serving }: Pick<ModelSpec, 'rollout' | 'serving'>): number {
  return 2 * (pauses(rollout) + BESIDE_THE_PAUSES + Math.ceil(startupSeconds(serving) / 60));
}

function pauses(rollout: Rollout): number {
  if (rollout.kind === 'linear') return Math.ceil(100 / rollout.stepPercent) * rollout.stepMinutes;
  if (rollout.kind === 'allAtOnce') return 0;
  // A canary is watched twice: the first step, then the whole fleet.
  return rollout.kind === 'canary' ? 2 * rollout.bakeMinutes : rollout.bakeMinutes;
}

/** @throws InvalidInputError unless it is a whole number from 1 to 10000 */
export function parseWait(text: string): number {
  const minutes = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (minutes >= 1 && minutes <= LONGEST) return minutes;
  throw new InvalidInputError(
    '--wait',
    `must be a whole number of minutes from 1 to ${LONGEST}, got ${text}`,
    'leave it out to wait as long as the rollout may take, or give --no-wait',
  );
}
