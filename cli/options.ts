import { InvalidInputError } from '../core/invalid-input-error';
import { requireSpeed } from '../local/speed';

/** @throws InvalidInputError unless it is a whole number from 1 to 65535 */
export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidInputError('--port', `must be a whole number from 1 to 65535, got ${text}`, 'give a free port');
}

/** @throws InvalidInputError unless it is a number from 1 to 120 */
export function parseSpeed(text: string): number {
  return requireSpeed('--speed', text.trim() === '' ? Number.NaN : Number(text), text);
}

/** Adds one `name=value` to those before it. @throws InvalidInputError if there is no equals sign */
export function parseParameters(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value] = /^([A-Za-z0-9_-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidInputError(
      '--set',
      `must read name=value, got ${text}`,
      'see npx mlops pipeline show for the parameters',
    );
  }
  return { ...earlier, [name]: value };
}

/** @throws InvalidInputError unless it is a whole number from 1 */
export function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidInputError('--limit', `must be a whole number from 1, got ${text}`, 'leave it out for 20');
}

/** A hundred years. */
const MOST_DAYS = 36_500;
/** More would measure this machine, not the model. */
const MOST_PER_SECOND = 1000;

/** @throws InvalidInputError unless it is above 0 and at most 1000 */
export function parseRate(text: string): number {
  const rate = text.trim() === '' ? Number.NaN : Number(text);
  if (rate > 0 && rate <= MOST_PER_SECOND) return rate;
  throw new InvalidInputError(
    '--rps',
    `must be a number above 0 and at most ${MOST_PER_SECOND}, got ${text}`,
    'leave it out for as many as the guards need',
  );
}

/** @throws InvalidInputError unless it is a whole number from 1 to 36500 */
export function parseDays(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST_DAYS) return Number(text);
  throw new InvalidInputError(
    '--days',
    `must be a whole number from 1 to ${MOST_DAYS}, got ${text}`,
    'leave it out for 7',
  );
}
