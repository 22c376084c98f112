/** What the rounds of one measurement gave. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError if there is nothing to sum up, or a figure is none */
export function summary(values: readonly number[]): Summary {
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) {
    throw new RangeError(`summary: needs finite figures, got [${values.join(', ')}]; see what was measured`);
  }
  return { median: quantile(values, 0.5), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * By linear interpolation between the two nearest, as numpy's default does.
 * @param share 0 to 1
 * @returns NaN of nothing
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

/**
 * How many times as much `ours` is as `theirs`, round by round: both shared the machine's noise in a round, so the
 * median of the ratios says more than the ratio of the medians.
 * @throws RangeError if the rounds don't match, or one gave 0
 */
export function ratios(ours: readonly number[], theirs: readonly number[]): Summary {
  if (ours.length !== theirs.length) {
    throw new RangeError(
      `ratios: needs a pair a round, got ${ours.length} and ${theirs.length}; run all rounds of both`,
    );
  }
  return summary(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}
