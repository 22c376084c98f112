/** Intervals that predictions are counted in, the one for what is no number included. */
const BINS = 11;
/** Chance that noise alone makes a single judgement exceed its bound. A hundred judgements a release: one in a thousand. */
export const FALSE_ALARM_RATE = 1e-5;

/** The predictions of one request. */
export type RequestPredictions = readonly number[];

export interface PredictionShift {
  /** Distance beyond noise, 0 to 1: the true distance is at least this, but for {@link FALSE_ALARM_RATE}. */
  readonly shift: number;
  /** Total variation distance of what was counted, 0 to 1. */
  readonly distance: number;
  /** Independent samples of the new release. */
  readonly samples: number;
  /** Independent samples of the old release that its distribution was taken from. */
  readonly referenceSamples: number;
}

/**
 * How far the predictions of a new release are from those of the old one that answers the same callers.
 *
 * Every other request of the old release fixes the intervals, ten of equal count; the rest is counted in them, so that
 * the intervals don't depend on what is counted. The distance of the counts is the total variation distance: the share
 * of predictions that would have to move to make the two alike. {@link shiftNoise} is taken off it.
 *
 * Any output of one number a row will do: a probability, a score, an amount, a class.
 */
export function predictionShift(
  before: readonly RequestPredictions[],
  after: readonly RequestPredictions[],
): PredictionShift {
  const bounds = boundsOf(before.filter((_, index) => index % 2 === 0).flat());
  const reference = before.filter((_, index) => index % 2 === 1);
  const referenceSamples = independentSamples(reference);
  const samples = independentSamples(after);
  if (referenceSamples === 0 || samples === 0) return { shift: 0, distance: 0, samples, referenceSamples };
  const [old, fresh] = [reference, after].map((requests) => shares(requests.flat(), bounds));
  const distance = (old ?? []).reduce((sum, share, bin) => sum + Math.abs(share - (fresh?.[bin] ?? 0)), 0) / 2;
  return {
    shift: Math.max(0, distance - shiftNoise(referenceSamples, samples)),
    distance,
    samples,
    referenceSamples,
  };
}

/**
 * What sampling adds to a distance, exceeded with a probability of at most {@link FALSE_ALARM_RATE} whatever the
 * distribution: a bound of the expected distance (Cauchy-Schwarz over the bins) and one of its excess (McDiarmid, as one
 * request moves the distance by no more than its share of the rows).
 * @param before independent samples of the old release
 * @param after independent samples of the new release
 * @see McDiarmid, On the method of bounded differences (1989)
 */
export function shiftNoise(before: number, after: number): number {
  const spread = Math.sqrt(BINS - 1) / 2 + Math.sqrt(Math.log(1 / FALSE_ALARM_RATE) / 2);
  return spread * Math.sqrt(1 / before + 1 / after);
}

/**
 * Rows of one request may be alike, so that they count for less than as many requests: at the worst, this many.
 * @see Kish, Survey Sampling (1965), on the effective sample size
 */
function independentSamples(requests: readonly RequestPredictions[]): number {
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
  return bounds.filter(({ value, belongsAbove }) => prediction > value || (belongsAbove && prediction === value))
    .length;
}
