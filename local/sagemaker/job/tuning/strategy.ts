import type { Range } from './range';

/** A point of the search space: for each range the place in the interval from 0 to 1, or the index of the value. */
export type Point = readonly number[];

export interface Observation {
  readonly point: Point;
  /** Smaller is better; undefined for a training job without a result, or whose result isn't known yet. */
  readonly loss?: number;
}

/** Proposes hyperparameters. It keeps nothing: the same arguments give the same answer. */
export interface Strategy {
  /** Number of training jobs after which there is nothing left to try. */
  readonly size: number;
  /** Whether proposals depend on the results so far. */
  readonly learns: boolean;
  /** @param history the training jobs before number `index`, in the order of their numbers */
  propose(index: number, history: readonly Observation[]): Point;
}

/** The hyperparameters that a point stands for. */
export function hyperParametersAt(ranges: readonly Range[], point: Point): Record<string, string> {
  return Object.fromEntries(ranges.map((range, i) => [range.name, valueAt(range, point[i] ?? 0)]));
}

function valueAt(range: Range, place: number): string {
  return range.kind === 'numeric' ? range.at(place) : (range.values[place] ?? '');
}
