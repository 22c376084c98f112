import { assert, integer, property } from 'fast-check';
import { rolloutSteps } from '../../../../config/kubernetes/rollout-steps';
import { Rollout } from '../../../../config/rollout';

const steps = (rollout: Parameters<typeof Rollout.parse>[0]) =>
  rolloutSteps(Rollout.parse(rollout)).map(({ percent, minutes }) => [percent, minutes]);

describe('the steps of a rollout', () => {
  test.each([
    [
      { kind: 'canary', percent: 10, bakeMinutes: 7 },
      [
        [10, 7],
        [100, 7],
      ],
    ],
    [
      { kind: 'linear', stepPercent: 40, stepMinutes: 5 },
      [
        [40, 5],
        [80, 5],
        [100, 5],
      ],
    ],
    [{ kind: 'blueGreen', bakeMinutes: 0 }, [[100, 0]]],
    [{ kind: 'allAtOnce' }, [[100, 0]]],
  ])('of %p are %p', (rollout, expected) => {
    expect(steps(rollout)).toEqual(expected);
  });

  test('of any linear rollout rise by one amount and end with everything', () => {
    assert(
      property(integer({ min: 10, max: 50 }), (stepPercent) => {
        const shares = steps({ kind: 'linear', stepPercent }).map(([percent = 0]) => percent);
        const rises = shares.map((share, index) => share - (shares[index - 1] ?? 0));
        expect(shares.at(-1)).toBe(100);
        expect(rises.slice(0, -1).every((rise) => rise === stepPercent)).toBe(true);
        expect(rises.every((rise) => rise > 0 && rise <= stepPercent)).toBe(true);
      }),
    );
  });
});
