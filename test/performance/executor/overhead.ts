import { quantile, type Summary, summary } from '../measure/sample';

/** Seconds of the runs of one setting, a place a round; a slow one may have fewer. */
export interface Timed {
  readonly seconds: readonly number[];
}

/**
 * Milliseconds a step beyond the bare processes of the same round.
 * @throws RangeError if it has more rounds than the bare processes, or `steps` is no positive number
 */
export function overheads({ seconds }: Timed, bare: Timed, steps: number): readonly number[] {
  if (!(steps > 0)) throw new RangeError(`overheads: needs steps, got ${steps}; see what was run`);
  if (seconds.length > bare.seconds.length)
    throw new RangeError(
      `overheads: needs bare processes a round, got ${bare.seconds.length} for ${seconds.length}; run both`,
    );
  return seconds.map((value, round) => ((value - (bare.seconds[round] ?? Number.NaN)) * 1000) / steps);
}

/**
 * How many times theirs ours is, over the rounds that both have.
 * @returns undefined where theirs is nothing or less: it is lost in the noise of the machine. Ours is less than nothing
 *   where forks save more than the executor costs.
 */
export function overheadRatio(ours: readonly number[], theirs: readonly number[]): Summary | undefined {
  const rounds = Math.min(ours.length, theirs.length);
  if (rounds === 0 || theirs.slice(0, rounds).some((value) => !(value > 0))) return undefined;
  return summary(ours.slice(0, rounds).map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

/** The one with the lowest median. @returns undefined if there is none */
export function leastOverhead<T extends { readonly overheads: readonly number[] }>(peers: readonly T[]): T | undefined {
  return peers
    .filter(({ overheads: [first] }) => first !== undefined)
    .toSorted((a, b) => quantile(a.overheads, 0.5) - quantile(b.overheads, 0.5))[0];
}
