import { drawUntried, key } from './random-search';
import { type RandomSource, randomSource } from './random-source';
import type { Range } from './range';
import type { Observation, Point, Strategy } from './strategy';

/** Training jobs that are drawn at random before there is anything to learn from. */
const RANDOM_START = 5;
/** Share of the results that counts as good. */
const GOOD_SHARE = 0.25;
/** Points that are drawn from the good ones, of which the most promising is proposed. */
const CANDIDATES = 24;
const NARROWEST = 0.02;

/**
 * Bayesian optimisation by a tree-structured Parzen estimator: proposes what is likely among the good results and
 * unlikely among the others, each range for itself. SageMaker uses Gaussian processes; what carries over to it are
 * the ranges and the objective, not the order of proposals.
 * @see Bergstra et al., Algorithms for Hyper-Parameter Optimization (2011)
 */
export function bayesianSearch(ranges: readonly Range[], seed: number): Strategy {
  return {
    size: Number.POSITIVE_INFINITY,
    learns: true,
    propose(index, history) {
      const random = randomSource(`${seed}:${index}`);
      const results = history.filter(({ loss }) => loss !== undefined).sort((a, b) => (a.loss ?? 0) - (b.loss ?? 0));
      if (results.length < RANDOM_START) return drawUntried(ranges, history, random);
      const good = results.slice(0, Math.max(2, Math.ceil(results.length * GOOD_SHARE)));
      // Jobs that still run, and those that failed, count as not good: the search is not to crowd around them.
      const others = history.filter((observation) => !good.includes(observation));
      return mostPromising(ranges, history, good, others, random);
    },
  };
}

function mostPromising(
  ranges: readonly Range[],
  history: readonly Observation[],
  good: readonly Observation[],
  others: readonly Observation[],
  random: RandomSource,
): Point {
  const tried = new Set(history.map(({ point }) => key(ranges, point)));
  const densities = ranges.map((range, i) => ({
    good: density(
      range,
      good.map(({ point }) => point[i] ?? 0),
    ),
    others: density(
      range,
      others.map(({ point }) => point[i] ?? 0),
    ),
  }));
  const candidates = Array.from({ length: CANDIDATES }, () => densities.map((each) => each.good.draw(random)))
    .filter((point) => !tried.has(key(ranges, point)))
    .map((point) => ({ point, promise: promise(densities, point) }))
    .sort((a, b) => b.promise - a.promise);
  return candidates[0]?.point ?? drawUntried(ranges, history, random);
}

interface Density {
  readonly draw: (random: RandomSource) => number;
  readonly at: (place: number) => number;
}

function promise(densities: readonly { good: Density; others: Density }[], point: Point): number {
  return densities.reduce((sum, { good, others }, i) => {
    const place = point[i] ?? 0;
    return sum + Math.log(good.at(place)) - Math.log(others.at(place));
  }, 0);
}

/** How often each place occurs, mixed with one observation's worth of "anything goes". */
function density(range: Range, places: readonly number[]): Density {
  if (range.kind === 'categorical') {
    const weights = range.values.map((_, i) => 1 / range.values.length + places.filter((place) => place === i).length);
    const total = places.length + 1;
    return {
      at: (place) => (weights[place] ?? 0) / total,
      draw: (random) => {
        let rest = random() * total;
        return Math.max(
          0,
          weights.findIndex((weight) => (rest -= weight) < 0),
        );
      },
    };
  }
  const width = Math.max(NARROWEST, places.length ** -0.4 / 4);
  return {
    at: (place) => (1 + places.reduce((sum, mean) => sum + normal(place, mean, width), 0)) / (places.length + 1),
    draw: (random) => {
      const mean = places[Math.floor(random() * (places.length + 1))];
      if (mean === undefined) return random();
      const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      return Math.min(1, Math.max(0, mean + width * gauss));
    },
  };
}

function normal(place: number, mean: number, width: number): number {
  return Math.exp(-0.5 * ((place - mean) / width) ** 2) / (width * Math.sqrt(2 * Math.PI));
}
