import type { ParameterRanges } from '@aws-sdk/client-sagemaker';
import type { Wire } from '../wire';

/** One hyperparameter that is tuned, seen as the interval from 0 to 1 or as a list. */
export type Range =
  | {
      readonly name: string;
      readonly kind: 'numeric';
      /** @param unit 0 to 1 @returns a value inside the range, as the hyperparameter is written */
      readonly at: (unit: number) => string;
    }
  | { readonly name: string; readonly kind: 'categorical'; readonly values: readonly string[] };

type Scaling = 'Linear' | 'Logarithmic' | 'ReverseLogarithmic';
type Numeric = {
  readonly Name?: string;
  readonly MinValue?: string;
  readonly MaxValue?: string;
  readonly ScalingType?: string;
};

/** From this ratio of its bounds on, a range with scaling Auto is searched logarithmically. */
const WIDE = 1000;

/**
 * Reads the ranges of a tuning job.
 * @param fault hears of each range that can't be searched
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
 */
export function readRanges(ranges: Wire<ParameterRanges>, fault: (message: string) => void): Range[] {
  const numeric = (range: Numeric, whole: boolean): Range => {
    const { Name: name = '', MinValue = '', MaxValue = '', ScalingType = 'Auto' } = range;
    const low = number(MinValue);
    const high = number(MaxValue);
    const shown = `${MinValue} to ${MaxValue}`;
    if (!(low <= high)) fault(`range ${name}: MinValue must be a number up to MaxValue, got ${shown}; correct them`);
    if (whole && !(Number.isInteger(low) && Number.isInteger(high)))
      fault(`range ${name}: an integer range has whole bounds, got ${shown}; use ContinuousParameterRanges`);
    const scaling = scalingOf(ScalingType, low, high);
    if (scaling === 'Logarithmic' && !(low > 0))
      fault(`range ${name}: Logarithmic needs a MinValue above 0, got ${MinValue}; use Linear`);
    if (scaling === 'ReverseLogarithmic' && (whole || !(low >= 0 && high < 1)))
      fault(`range ${name}: ReverseLogarithmic needs a continuous range within [0, 1), got ${shown}; use Linear`);
    return { name, kind: 'numeric', at: whole ? integerAt(scaling, low, high) : continuousAt(scaling, low, high) };
  };
  return [
    ...(ranges.IntegerParameterRanges ?? []).map((range) => numeric(range, true)),
    ...(ranges.ContinuousParameterRanges ?? []).map((range) => numeric(range, false)),
    ...(ranges.CategoricalParameterRanges ?? []).map(({ Name: name = '', Values: values = [] }): Range => {
      if (values.length === 0) fault(`range ${name}: Values must not be empty, got none; list them`);
      return { name, kind: 'categorical', values };
    }),
  ];
}

function number(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

function scalingOf(type: string, low: number, high: number): Scaling {
  if (type !== 'Auto') return type as Scaling;
  return low > 0 && high / low >= WIDE ? 'Logarithmic' : 'Linear';
}

function continuousAt(scaling: Scaling, low: number, high: number): (unit: number) => string {
  const position: Readonly<Record<Scaling, (unit: number) => number>> = {
    Linear: (unit) => low + unit * (high - low),
    Logarithmic: logarithmic(low, high),
    ReverseLogarithmic: (unit) => 1 - logarithmic(1 - low, 1 - high)(unit),
  };
  return (unit) => String(Math.min(high, Math.max(low, position[scaling](unit))));
}

/** Each whole number takes the share of the interval that lies between it and the next one. */
function integerAt(scaling: Scaling, low: number, high: number): (unit: number) => string {
  const position =
    scaling === 'Logarithmic' ? logarithmic(low, high + 1) : (unit: number) => low + unit * (high + 1 - low);
  return (unit) => String(Math.min(high, Math.max(low, Math.floor(position(unit)))));
}

function logarithmic(low: number, high: number): (unit: number) => number {
  return (unit) => Math.exp(Math.log(low) + unit * Math.log(high / low));
}
