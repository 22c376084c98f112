import type { ParameterRanges } from '@aws-sdk/client-sagemaker';
import { type Range, readRanges } from '../../../../../../local/sagemaker/job/tuning/range';

function read(ranges: ParameterRanges): { readonly ranges: readonly Range[]; readonly faults: readonly string[] } {
  const faults: string[] = [];
  return { ranges: readRanges(ranges, (fault) => faults.push(fault)), faults };
}

type Kind = 'IntegerParameterRanges' | 'ContinuousParameterRanges';

function faultsOf(kind: Kind, MinValue: string, MaxValue: string, ScalingType?: string): readonly string[] {
  return read({ [kind]: [{ Name: 'p', MinValue, MaxValue, ScalingType }] }).faults;
}

function at(kind: Kind, MinValue: string, MaxValue: string, ScalingType?: string): (unit: number) => number {
  const { ranges, faults } = read({ [kind]: [{ Name: 'p', MinValue, MaxValue, ScalingType }] });
  expect(faults).toEqual([]);
  const [range] = ranges;
  if (range?.kind !== 'numeric') throw new Error('not numeric');
  return (unit) => Number(range.at(unit));
}

const CONTINUOUS = 'ContinuousParameterRanges';
const INTEGER = 'IntegerParameterRanges';
const LAST = 1 - 2 ** -48;

describe('a range', () => {
  test.each([
    ['Linear', '-1', '3', 1],
    ['Logarithmic', '0.01', '100', 1],
    ['ReverseLogarithmic', '0.9', '0.999', 0.99],
    ['Auto', '1', '999', 500],
    ['Auto', '0.001', '1', 0.0316227766],
    ['Auto', '-1', '1000', 499.5],
    [undefined, '1', '3', 2],
  ])('with scaling %s from %s to %s has %d in its middle', (scaling, low, high, middle) => {
    const value = at(CONTINUOUS, low, high, scaling);
    expect(value(0.5)).toBeCloseTo(middle, 6);
    expect(value(0)).toBeCloseTo(Number(low), 12);
    expect(value(LAST)).toBeLessThanOrEqual(Number(high));
  });

  test.each([undefined, 'Linear', 'Logarithmic'])('of integers gives each its share, with scaling %s', (scaling) => {
    const value = at(INTEGER, '1', '3', scaling);
    expect(new Set(Array.from({ length: 99 }, (_, i) => value(i / 99)))).toEqual(new Set([1, 2, 3]));
    expect([value(0), value(LAST), value(1)]).toEqual([1, 3, 3]);
  });

  test('of integers may reach below 0', () => {
    expect([-2, -1, 0, 1].map((_, i) => at(INTEGER, '-2', '1')(i / 4))).toEqual([-2, -1, 0, 1]);
  });

  test('of one value gives that value', () => {
    expect([at(INTEGER, '5', '5')(0.7), at(CONTINUOUS, '0.5', '0.5')(0.7)]).toEqual([5, 0.5]);
  });

  test.each([
    [CONTINUOUS, '2', '1', undefined, 'MinValue must be a number up to MaxValue, got 2 to 1'],
    [CONTINUOUS, '', '1', undefined, 'MinValue must be a number'],
    [CONTINUOUS, 'NaN', '1', undefined, 'MinValue must be a number'],
    [CONTINUOUS, '0', 'Infinity', undefined, 'MinValue must be a number'],
    [INTEGER, '0.5', '2', undefined, 'whole bounds, got 0.5 to 2'],
    [CONTINUOUS, '0', '1', 'Logarithmic', 'Logarithmic needs a MinValue above 0, got 0'],
    [CONTINUOUS, '-1', '1', 'Logarithmic', 'Logarithmic needs a MinValue above 0, got -1'],
    [CONTINUOUS, '0', '1', 'ReverseLogarithmic', 'within [0, 1), got 0 to 1'],
    [CONTINUOUS, '-0.1', '0.5', 'ReverseLogarithmic', 'within [0, 1)'],
    [INTEGER, '0', '0', 'ReverseLogarithmic', 'needs a continuous range'],
  ] as const)('of %s from %j to %j with scaling %s is refused', (kind, low, high, scaling, message) => {
    expect(faultsOf(kind, low, high, scaling)).toEqual([expect.stringContaining(message)]);
  });

  test('of no categories is refused', () => {
    expect(read({ CategoricalParameterRanges: [{ Name: 'c', Values: [] }] }).faults).toEqual([
      'range c: Values must not be empty, got none; list them',
    ]);
  });
});
