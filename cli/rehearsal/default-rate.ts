import type { Rollout } from '../../config/rollout';
import type { Fault } from '../../local/rehearsal/fault';

/** More than the guards need, as requests don't fall evenly into minutes. */
const MARGIN = 2;
/** Beyond it a laptop is measured, not the model. */
const MOST_PER_SECOND = 100;

export interface DefaultRateProps {
  readonly kind: Fault | 'good';
  readonly rollout: Rollout;
  /** How many times faster than the machine's the endpoint's clock goes. */
  readonly speed: number;
}

/** Requests a second with which the guards can judge a release in its first step. */
export function defaultRate({ kind, rollout, speed }: DefaultRateProps): number {
  const { minimumRequests, predictionShift } = rollout.guards;
  const aMinute = (minimumRequests * speed) / 60;
  const { share, seconds } = firstStep(rollout);
  const samples = kind === 'wrong' ? (predictionShift?.minimumSamples ?? 0) : 0;
  const aStep = seconds === 0 ? 0 : (samples * speed) / (share * seconds);
  return Math.min(MOST_PER_SECOND, Math.max(1, Math.ceil(MARGIN * Math.max(aMinute, aStep))));
}

/** Share of the traffic that meets the new version first, above 0 to 1, and for how long. */
function firstStep(rollout: Rollout): { readonly share: number; readonly seconds: number } {
  switch (rollout.kind) {
    case 'canary':
      return { share: rollout.percent / 100, seconds: 60 * rollout.bakeMinutes };
    case 'linear':
      return { share: rollout.stepPercent / 100, seconds: 60 * rollout.stepMinutes };
    case 'blueGreen':
      return { share: 1, seconds: 60 * rollout.bakeMinutes };
    default:
      return { share: 1, seconds: 0 };
  }
}
