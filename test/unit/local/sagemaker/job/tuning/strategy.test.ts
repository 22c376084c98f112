import { bayesianSearch } from '../../../../../../local/sagemaker/job/tuning/bayesian-search';
import { grid } from '../../../../../../local/sagemaker/job/tuning/grid';
import { randomSearch } from '../../../../../../local/sagemaker/job/tuning/random-search';
import type { Range } from '../../../../../../local/sagemaker/job/tuning/range';
import {
  hyperParametersAt,
  type Observation,
  type Strategy,
} from '../../../../../../local/sagemaker/job/tuning/strategy';

const NUMBER: Range = { name: 'x', kind: 'numeric', at: String };
const LETTERS: Range = { name: 'letter', kind: 'categorical', values: ['a', 'b', 'c'] };
const SWITCH: Range = { name: 'switch', kind: 'categorical', values: ['on', 'off'] };

/** The points that a strategy proposes when each result is known before the next proposal. */
function search(strategy: Strategy, jobs: number, loss: (x: number) => number | undefined = () => 0): number[] {
  const history: Observation[] = [];
  for (let index = 0; index < jobs; index++) {
    const point = strategy.propose(index, history);
    history.push({ point, loss: loss(point[0] ?? 0) });
  }
  return history.map(({ point }) => point[0] ?? 0);
}

function combinations(ranges: readonly Range[], strategy: Strategy, jobs: number): string[] {
  const history: Observation[] = [];
  for (let index = 0; index < jobs; index++) history.push({ point: strategy.propose(index, history) });
  return history.map(({ point }) => Object.values(hyperParametersAt(ranges, point)).join(''));
}

describe('a grid', () => {
  test('has every combination once', () => {
    const strategy = grid([LETTERS, SWITCH]);
    expect(strategy.size).toBe(6);
    expect(combinations([LETTERS, SWITCH], strategy, 6)).toEqual(['aon', 'aoff', 'bon', 'boff', 'con', 'coff']);
  });
});

describe.each([
  ['random', randomSearch],
  ['Bayesian', bayesianSearch],
])('a %s search', (_, make) => {
  test('with the same seed proposes the same, with another one something else', () => {
    const run = (seed: number) => search(make([NUMBER], seed), 10, (x) => x);
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
    expect(new Set(run(7)).size).toBe(10);
  });

  test('stays inside of its ranges', () => {
    for (const x of search(make([NUMBER], 1), 60, (at) => at)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(1);
    }
  });

  test('tries each combination once before it repeats any', () => {
    const ranges = [LETTERS, SWITCH];
    expect(new Set(combinations(ranges, make(ranges, 3), 6)).size).toBe(6);
    expect(combinations(ranges, make(ranges, 3), 8)).toHaveLength(8);
  });
});

describe('a Bayesian search', () => {
  const off = (points: readonly number[]) => points.reduce((sum, x) => sum + Math.abs(x - 0.3), 0) / points.length;

  test.each([1, 2, 3, 4, 5])('comes nearer to the best place than a random one, with seed %d', (seed) => {
    const loss = (x: number) => (x - 0.3) ** 2;
    const late = (strategy: Strategy) => off(search(strategy, 30, loss).slice(15));
    expect(late(bayesianSearch([NUMBER], seed))).toBeLessThan(0.6 * late(randomSearch([NUMBER], seed)));
  });

  test('prefers the category that gave good results', () => {
    const history: Observation[] = [];
    const strategy = bayesianSearch([NUMBER, LETTERS], 1);
    for (let index = 0; index < 30; index++) {
      const point = strategy.propose(index, history);
      history.push({ point, loss: point[1] === 2 ? 0 : 1 });
    }
    const late = history.slice(15).filter(({ point }) => point[1] === 2);
    expect(late.length).toBeGreaterThan(9);
  });

  test('goes on where every job has failed', () => {
    expect(new Set(search(bayesianSearch([NUMBER], 1), 20, () => undefined)).size).toBe(20);
  });
});
