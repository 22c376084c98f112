/**
 * How much the line that fits best rises from the first to the last, as a share of the mean.
 * @param values of equal distance, 2 at least
 */
export function growth(values: readonly number[]): number {
  const last = values.length - 1;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let products = 0;
  let squares = 0;
  for (const [place, value] of values.entries()) {
    products += (place - last / 2) * (value - mean);
    squares += (place - last / 2) ** 2;
  }
  return ((products / squares) * last) / mean;
}
