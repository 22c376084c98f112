import { array, assert, double, integer, property } from 'fast-check';
import type { Window } from '../../../../local/load/closed-loop';
import { risingLoad } from '../../../../local/load/rising-load';
import { percentile } from '../../../../local/percentile';

const window = (perSecond: number, p99Ms: number, failed = 0): Window => ({
  answered: Math.round(perSecond),
  failed,
  perSecond,
  medianMs: p99Ms / 2,
  p99Ms,
});

/** A server that answers 100 a second and worker, up to `workers` at a time; more only wait. */
const serverOf = (workers: number) => (concurrency: number) =>
  Promise.resolve(window(100 * Math.min(workers, concurrency), 10 * Math.max(1, concurrency / workers)));

const run = (measure: (concurrency: number) => Promise<Window>, p99Ms: number, repeats = 1) =>
  risingLoad({ measure, p99Ms, repeats, say: () => undefined });

describe('a rising load', () => {
  test('ends where the percentile breaks, and tries once between', async () => {
    const { levels, best } = await run(serverOf(4), 12);
    expect(levels.map(({ concurrency }) => concurrency)).toEqual([1, 2, 4, 8, 6]);
    expect(best).toMatchObject({ concurrency: 4, perSecond: 400, p99Ms: 10 });
  });

  test('ends where more requests bring no more answers, though the percentile holds', async () => {
    const { levels, best } = await run(serverOf(2), 60_000);
    expect(levels.map(({ concurrency }) => concurrency)).toEqual([1, 2, 4, 8]);
    expect(best).toMatchObject({ concurrency: 2, perSecond: 200 });
  });

  test('has no best where even one request at a time takes too long', async () => {
    const { levels, best } = await run(serverOf(2), 9);
    expect(levels).toHaveLength(1);
    expect(best).toBeUndefined();
  });

  test('takes a level with failed requests for broken, however fast it was', async () => {
    const { best } = await run(async (n) => window(100 * n, 1, n > 2 ? 1 : 0), 100);
    expect(best).toMatchObject({ concurrency: 2 });
  });

  test('has no best where nothing was answered', async () => {
    expect((await run(async () => window(0, Number.NaN, 5), 100)).best).toBeUndefined();
  });

  test('takes medians of the windows, so that one bad moment counts for nothing', async () => {
    const windows = [window(100, 10), window(5, 900), window(110, 12)];
    const { levels } = await run(async () => windows.shift() ?? window(1, 1e6), 100, 3);
    expect(levels[0]).toMatchObject({ perSecond: 100, p99Ms: 12, answered: 215 });
  });
});

describe('a percentile', () => {
  test.each([
    [[], 99, Number.NaN],
    [[5], 99, 5],
    [[3, 1, 2], 50, 2],
    [Array.from({ length: 100 }, (_, index) => index + 1), 99, 99],
    [Array.from({ length: 101 }, (_, index) => index + 1), 99, 100],
  ])('of %j at %d is %d', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  test('is a value that so many do not exceed', () => {
    const values = array(double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 });
    assert(
      property(values, integer({ min: 1, max: 100 }), (all, percent) => {
        const found = percentile(all, percent);
        const below = all.filter((value) => value <= found).length;
        expect(all).toContain(found);
        expect(below / all.length).toBeGreaterThanOrEqual(percent / 100);
      }),
    );
  });
});
