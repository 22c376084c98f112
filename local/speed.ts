import { InvalidInputError } from '../core/invalid-input-error';

/** A minute of waiting becomes a second: a canary of ten minutes' bake and five minutes' termination wait takes 25 s. */
export const DEFAULT_SPEED = 60;
/** An alarm's period of a minute still holds several measurements then. */
const MAX_SPEED = 120;

/**
 * How many times faster than in an account time goes by in the local environment: the waits of a deployment and the
 * periods of alarms, and with them how often metrics are written. 1 is real time.
 * @throws InvalidInputError unless it is from 1 to 120
 */
export function requireSpeed(where: string, speed: number, got: string | number = speed): number {
  if (speed >= 1 && speed <= MAX_SPEED) return speed;
  throw new InvalidInputError(where, `must be a number from 1 to ${MAX_SPEED}, got ${got}`, '1 is real time');
}
