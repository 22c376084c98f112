/** Intervals that predictions are counted in, the one for what is no number included. */
const BINS = 11;
/** Chance that noise alone makes a single look exceed the bound. A hundred looks a release: at most one in a hundred. */
export const FALSE_ALARM_RATE = 1e-4;

/** The predictions of one request. */
export type RequestPredictions = readonly number[];

export interface PredictionShift {
  /** Distance beyond noise, 0 to 1: the true distance is at least this, but for {@link FALSE_ALARM_RATE}. */
  readonly shift: number;
  /** Distance of what was counted, noise included, 0 to 1. */
  readonly distance: number;
  /** Independent samples of the new release; 0 if there is nothing to compare them with. */
  readonly samples: number;
  /** Independent samples of the old release that its distribution was taken from. */
  readonly referenceSamples: number;
}

/**
 * How far the predictions of a new release are from those of the old one that answers the same callers. Any output of
 * one number a row will do: a probability, a score, an amount, a class.
 *
 * It is the total variation distance: the share of predictions that would have to move to make the two alike. Two
 * figures never exceed it but for noise, and the larger one counts once noise is taken off. The distance of counts in
 * intervals sees whatever there is, in some dozens of requests; the largest gap between the two distribution functions
 * (Kolmogorov and Smirnov) is more certain of a move to one side, such as probabilities turned round.
 *
 * Every other request of the old release fixes the intervals, ten of equal count; the rest is counted in them, so that
 * the intervals don't depend on what is counted.
 */
export function predictionShift(
  before: readonly RequestPredictions[],
  after: readonly RequestPredictions[],
): PredictionShift {
  const bounds = boundsOf(before.filter((_, index) => index % 2 === 0).flat());
  const reference = before.filter((_, index) => index % 2 === 1);
  const referenceSamples = independentSamples(reference);
  const samples = independentSamples(after);
  // Without a single number there is nothing to compare with, and so nothing was judged.
  if (bounds.length === 0 || referenceSamples === 0 || samples === 0) {
    return { shift: 0, distance: 0, samples: 0, referenceSamples };
  }
  const [old, fresh] = [reference, after].map((requests) => shares(requests.flat(), bounds));
  const distance = (old ?? []).reduce((sum, share, bin) => sum + Math.abs(share - (fresh?.[bin] ?? 0)), 0) / 2;
  const [oldOnes, freshOnes] = [firstOfEach(before), firstOfEach(after)];
  const shift = Math.max(
    0,
    distance - shiftNoise(referenceSamples, samples),
    largestGap(oldOnes, freshOnes) - gapNoise(oldOnes.length, freshOnes.length),
  );
  return { shift, distance, samples, referenceSamples };
}

/**
 * What sampling adds to a distance, exceeded with half of {@link FALSE_ALARM_RATE} at most, whatever the distribution: a
 * bound of the expected distance (Cauchy-Schwarz over the bins) and one of its excess (McDiarmid, as one request moves
 * the distance by no more than its share of the rows).
 * @param before independent samples of the old release
 * @param after independent samples of the new release
 * @see McDiarmid, On the method of bounded differences (1989)
 */
export function shiftNoise(before: number, after: number): number {
  const spread = Math.sqrt(BINS - 1) / 2 + Math.sqrt(Math.log(2 / FALSE_ALARM_RATE) / 2);
  return spread * Math.sqrt(1 / before + 1 / after);
}

/**
 * The same of a gap between distribution functions: neither strays from its true one by more than its part.
 * @see Massart, The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality (1990)
 */
function gapNoise(before: number, after: number): number {
  return Math.sqrt(Math.log(8 / FALSE_ALARM_RATE) / 2) * (1 / Math.sqrt(before) + 1 / Math.sqrt(after));
}

/** Rows of one request may be alike; one of them stands for all. In order, with what is no number last. */
function firstOfEach(requests: readonly RequestPredictions[]): number[] {
  return requests
    .flatMap((predictions) => predictions.slice(0, 1))
    .map((value) => (Number.isFinite(value) ? value : Number.POSITIVE_INFINITY))
    .sort((a, b) => a - b);
}

/** Between the distribution functions of two sorted samples, at any value. */
function largestGap(a: readonly number[], b: readonly number[]): number {
  let [i, j, gap] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    gap = Math.max(gap, Math.abs(i / a.length - j / b.length));
  }
  return gap;
}

/**
 * Rows of one request may be alike, so that they count for less than as many requests: at the worst, this many.
 * @see Kish, Survey Sampling (1965), on the effective sample size
 */
export function independentSamples(requests: readonly RequestPredictions[]): number {
  let rows = 0;
  let squares = 0;
  for (const { length } of requests) {
    rows += length;
    squares += length ** 2;
  }
  return squares === 0 ? 0 : rows ** 2 / squares;
}

/** Between two intervals: at the value itself, which belongs below or above. */
interface Bound {
  readonly value: number;
  readonly belongsAbove: boolean;
}

/** Deciles. A value that several of them share, as the labels of a classifier do, gets an interval to itself. */
function boundsOf(predictions: readonly number[]): readonly Bound[] {
  const sorted = predictions.filter(Number.isFinite).toSorted((a, b) => a - b);
  if (sorted.length === 0) return [];
  const deciles = Array.from({ length: BINS - 2 }, (_, index) => {
    const at = Math.floor((sorted.length * (index + 1)) / (BINS - 1));
    return sorted[Math.min(at, sorted.length - 1)] ?? 0;
  });
  return deciles.flatMap((value, index): Bound[] => {
    const below = { value, belongsAbove: false };
    if (value === deciles[index - 1]) return [];
    return value === deciles[index + 1] ? [{ value, belongsAbove: true }, below] : [below];
  });
}

function shares(predictions: readonly number[], bounds: readonly Bound[]): number[] {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const prediction of predictions) {
    const bin = Number.isFinite(prediction) ? binOf(prediction, bounds) : BINS - 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / predictions.length);
}

function binOf(prediction: number, bounds: readonly Bound[]): number {
  let bin = 0;
  for (const { value, belongsAbove } of bounds) {
    if (prediction < value || (prediction === value && !belongsAbove)) break;
    bin += 1;
  }
  return bin;
}
