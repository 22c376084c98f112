import { assert, constantFrom, integer, nat, property, shuffledSubarray, uniqueArray } from 'fast-check';
import type { ScaleInStep, ScaleOutStep } from '../../../config/autoscaling';
import { checkSteps } from '../../../config/scaling-steps';
import { Faults } from '../../../core/faults';

const out: readonly ScaleOutStep[] = [{ from: 60, add: 1 }];
const into: readonly ScaleInStep[] = [{ to: 30, remove: 1 }];

function messages(scaleOut: readonly ScaleOutStep[], scaleIn: readonly ScaleInStep[]): string[] {
  const faults = new Faults();
  checkSteps({ scaleOut: [...scaleOut], scaleIn: [...scaleIn] }, (setting) => setting, faults);
  return faults.messages;
}

describe('the steps of a policy', () => {
  test('meet each other, and the last has no end', () => {
    expect(
      messages(
        [
          { from: 60, to: 80, add: 1 },
          { from: 80, add: 2 },
        ],
        into,
      ),
    ).toEqual([]);
    expect(
      messages(out, [
        { to: 30, from: 10, remove: 1 },
        { to: 10, remove: 2 },
      ]),
    ).toEqual([]);
  });

  test.each<[string, readonly ScaleOutStep[], readonly ScaleInStep[], string]>([
    [
      'a gap',
      [
        { from: 60, to: 70, add: 1 },
        { from: 80, add: 2 },
      ],
      into,
      'scaleOut: steps must meet, got a gap between 70 and 80',
    ],
    [
      'an overlap',
      [
        { from: 60, to: 90, add: 1 },
        { from: 80, add: 2 },
      ],
      into,
      'scaleOut: steps must meet, got an overlap between 90 and 80',
    ],
    [
      'two without an end',
      [
        { from: 60, add: 1 },
        { from: 80, add: 2 },
      ],
      into,
      'scaleOut: only the last step may have no end, got two from 60 and 80',
    ],
    [
      'an end of all',
      [{ from: 60, to: 80, add: 1 }],
      into,
      'scaleOut: the last step must have no end, or nothing happens beyond it, got 80',
    ],
    [
      'a step backwards',
      [
        { from: 60, to: 50, add: 1 },
        { from: 80, add: 1 },
      ],
      into,
      'scaleOut: the step at 60 must end above it, got 50',
    ],
    ['a step of nothing', [{ from: 60, to: 60, add: 1 }], into, 'scaleOut: the step at 60 must end above it, got 60'],
    [
      'a gap downwards',
      out,
      [
        { to: 30, from: 20, remove: 1 },
        { to: 10, remove: 2 },
      ],
      'scaleIn: steps must meet, got a gap between 20 and 10',
    ],
    [
      'an overlap downwards',
      out,
      [
        { to: 30, from: 5, remove: 1 },
        { to: 10, remove: 2 },
      ],
      'scaleIn: steps must meet, got an overlap between 5 and 10',
    ],
    [
      'an end of all downwards',
      out,
      [{ to: 30, from: 10, remove: 1 }],
      'scaleIn: the last step must have no end, or nothing happens beyond it, got 10',
    ],
    [
      'a step that is no number',
      [{ from: 60, to: Number.NaN, add: 1 }],
      into,
      'scaleOut: the step at 60 must end above it, got NaN',
    ],
    [
      'directions that undo each other',
      out,
      [{ to: 60, remove: 1 }],
      'scaleIn: must begin below scaleOut, which begins at 60, got 60',
    ],
  ])('are refused for %s', (_, scaleOut, scaleIn, message) => {
    const found = messages(scaleOut, scaleIn);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  const bounds = uniqueArray(integer({ min: 50, max: 10_000 }), { minLength: 2, maxLength: 20 });
  const chain = (values: readonly number[]): ScaleOutStep[] =>
    values
      .toSorted((a, b) => a - b)
      .map((from, index, all) => ({ from, add: 1, ...(index < all.length - 1 && { to: all[index + 1] }) }));

  test('are right whenever each begins where the one before ends, in any order of writing', () => {
    assert(
      property(
        bounds.chain((values) => shuffledSubarray(chain(values), { minLength: values.length })),
        (steps) => {
          expect(messages(steps, into)).toEqual([]);
        },
      ),
    );
  });

  test('are wrong whenever one bound is moved', () => {
    assert(
      property(bounds, nat(), constantFrom(-0.5, 0.5), (values, pick, by) => {
        const steps = chain(values);
        const index = pick % (steps.length - 1);
        const moved = steps.map((step, i) => (i === index ? { ...step, to: (step.to ?? 0) + by } : step));
        expect(messages(moved, into)).toHaveLength(1);
      }),
    );
  });
});
