/** The smallest value that at least so many percent don't exceed. @returns NaN of nothing */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** @returns NaN of nothing */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}
