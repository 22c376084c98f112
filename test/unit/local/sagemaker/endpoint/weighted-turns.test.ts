import * as fc from 'fast-check';
import { WeightedTurns } from '../../../../../local/sagemaker/endpoint/weighted-turns';

describe('turns by weight', () => {
  const weights = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1_000, noNaN: true })), {
    minLength: 1,
    maxLength: 6,
  });

  test('never give anybody a whole turn more than its share, nor leave it behind for long', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 500 }), (list, turns) => {
        const total = list.reduce((sum, weight) => sum + weight, 0);
        fc.pre(total > 0);
        const given = new Map(list.map((weight, index) => [index, weight]));
        const picker = new WeightedTurns<number>();
        const counts = list.map(() => 0);
        let ahead = 0;
        let behind = 0;
        for (let turn = 1; turn <= turns; turn += 1) {
          const chosen = picker.next(given) as number;
          counts[chosen] = (counts[chosen] ?? 0) + 1;
          for (const [index, weight] of list.entries()) {
            const surplus = (counts[index] ?? 0) - (turn * weight) / total;
            ahead = Math.max(ahead, surplus);
            behind = Math.max(behind, -surplus);
          }
        }
        expect(ahead).toBeLessThan(1 + 1e-6);
        expect(behind).toBeLessThan(list.length);
        expect(
          list.flatMap((weight, index) => (weight === 0 ? [counts[index]] : [])).every((count) => count === 0),
        ).toBe(true);
      }),
    );
  });

  test('keep to weights that change on the way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 60 })), { maxLength: 8 }),
        (phases) => {
          const picker = new WeightedTurns<string>();
          let expected = 0;
          let green = 0;
          for (const [percent, turns] of phases) {
            for (let turn = 0; turn < turns; turn += 1) {
              if (
                picker.next(
                  new Map([
                    ['blue', 100 - percent],
                    ['green', percent],
                  ]),
                ) === 'green'
              )
                green += 1;
              expected += percent / 100;
            }
            // A share of 0 means none, even if something is still owed.
            if (percent === 0 || percent === 100) expected = green;
          }
          expect(Math.abs(green - expected)).toBeLessThanOrEqual(1 + phases.length);
        },
      ),
    );
  });

  test('give 10 % one request of the first ten', () => {
    const picker = new WeightedTurns<string>();
    const first = Array.from({ length: 10 }, () =>
      picker.next(
        new Map([
          ['blue', 90],
          ['green', 10],
        ]),
      ),
    );
    expect(first.filter((fleet) => fleet === 'green')).toHaveLength(1);
  });

  test.each([[new Map<string, number>()], [new Map([['a', 0]])]])('go to nobody without a weight', (weights) => {
    expect(new WeightedTurns<string>().next(weights)).toBeUndefined();
  });
});
