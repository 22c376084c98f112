import * as fc from 'fast-check';
import { leastOverhead, overheadRatio, overheads } from '../../../performance/executor/overhead';

describe('the overhead of a step', () => {
  test('is what is left of its time without the bare process, in milliseconds', () => {
    expect(overheads({ seconds: [3, 2.5] }, { seconds: [1, 0.5] }, 10)).toEqual([200, 200]);
  });

  test('is taken from the bare processes of its own round, however few rounds it has', () => {
    expect(overheads({ seconds: [3] }, { seconds: [1, 9] }, 1)).toEqual([2000]);
    expect(overheads({ seconds: [] }, { seconds: [1] }, 1)).toEqual([]);
  });

  test('comes back whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1e3, noNaN: true }), fc.double({ min: 0, max: 1e3, noNaN: true }))),
        fc.integer({ min: 1, max: 1000 }),
        (rounds, steps) => {
          const bare = rounds.map(([seconds]) => seconds);
          const found = overheads(
            { seconds: rounds.map(([seconds, more]) => seconds + (more * steps) / 1000) },
            { seconds: bare },
            steps,
          );
          for (const [round, [, more]] of rounds.entries()) expect(found[round]).toBeCloseTo(more, 6);
        },
      ),
    );
  });

  test.each([0, -1, Number.NaN])('is refused of %p steps', (steps) => {
    expect(() => overheads({ seconds: [1] }, { seconds: [1] }, steps)).toThrow(`needs steps, got ${steps}`);
  });

  test('is refused where a round has no bare processes', () => {
    expect(() => overheads({ seconds: [1, 2] }, { seconds: [1] }, 1)).toThrow('got 1 for 2');
  });
});

describe('how many times theirs our overhead is', () => {
  test('is taken round by round, over the rounds that both have', () => {
    expect(overheadRatio([1, 2, 3], [10, 10])).toEqual({ median: 0.15000000000000002, min: 0.1, max: 0.2 });
  });

  test.each([[[0]], [[-1]], [[Number.NaN]], [[]]])('is nothing where theirs are %p', (theirs) => {
    expect(overheadRatio([1], theirs)).toBeUndefined();
  });
});

describe('the best peer', () => {
  test('is the one with the lowest median, and never one that was not run', () => {
    const slow = { overheads: [10, 20, 30] };
    const quick = { overheads: [19, 5, 90] };
    expect(leastOverhead([slow, { overheads: [] }, quick])).toBe(quick);
    expect(leastOverhead([{ overheads: [] }])).toBeUndefined();
  });
});
