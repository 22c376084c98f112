import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import table from '../service-limits.json';

/** Bounds, pattern and enum of a value, and where to go on in what it holds. */
interface Limits {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly members?: Readonly<Record<string, string>>;
  readonly items?: string;
  readonly keys?: string;
  readonly values?: string;
}

const LIMITS = table as unknown as Readonly<Record<string, Limits>>;

/**
 * Checks a value against the limits that SageMaker's model has for a shape, for example `CreateProcessingJobRequest`.
 * @param skip is asked about every value; true for those that nobody knows yet
 */
export function checkLimits(
  shape: string,
  value: unknown,
  where: string,
  faults: Faults,
  skip: (value: unknown, limits: Pick<Limits, 'integer'>, where: string) => boolean,
): void {
  const limits = LIMITS[shape];
  if (!limits || value === undefined || value === null || skip(value, limits, where)) return;
  if (typeof value === 'string') checkText(value, limits, where, faults);
  else if (typeof value === 'number') checkNumber(value, limits, where, faults);
  else if (Array.isArray(value)) {
    checkCount('item', value.length, limits, where, faults);
    const { items } = limits;
    if (items !== undefined)
      value.forEach((item, index) => checkLimits(items, item, `${where}[${index}]`, faults, skip));
  } else if (typeof value === 'object') {
    const { members, keys, values } = limits;
    const entries = Object.entries(value);
    if (!members) checkCount('entry', entries.length, limits, where, faults);
    for (const [key, inner] of entries) {
      if (keys !== undefined) checkLimits(keys, key, `${where}.${key}`, faults, skip);
      const innerShape = members ? members[key] : values;
      if (innerShape !== undefined) checkLimits(innerShape, inner, `${where}.${key}`, faults, skip);
    }
  }
}

function checkText(
  value: string,
  { min = 0, max = Infinity, pattern, enum: choices }: Limits,
  where: string,
  faults: Faults,
) {
  const length = Array.from(value).length;
  if (length < min) faults.add(where, `must have at least ${count(min, 'character')}, got ${length}`, 'lengthen it');
  if (length > max) faults.add(where, `must have at most ${count(max, 'character')}, got ${length}`, 'shorten it');
  if (choices && !choices.includes(value))
    faults.add(where, `must be one of ${choices.join(', ')}, got ${show(value)}`, 'choose one of them');
  if (pattern !== undefined && length >= min && length <= max && !compiled(pattern).test(value))
    faults.add(where, `must match ${pattern}, got ${show(value)}`, 'correct it');
}

function checkNumber(
  value: number,
  { min = -Infinity, max = Infinity, integer }: Limits,
  where: string,
  faults: Faults,
) {
  if (integer && !Number.isInteger(value)) faults.add(where, `must be a whole number, got ${value}`, 'round it');
  if (value < min) faults.add(where, `must be at least ${min}, got ${value}`, 'raise it');
  if (value > max) faults.add(where, `must be at most ${max}, got ${value}`, 'lower it');
}

function checkCount(what: string, length: number, { min = 0, max = Infinity }: Limits, where: string, faults: Faults) {
  if (length < min) faults.add(where, `must hold at least ${count(min, what)}, got ${length}`, 'add some');
  if (length > max) faults.add(where, `must hold at most ${count(max, what)}, got ${length}`, 'take some out');
}

function count(number: number, what: string): string {
  if (number === 1) return `1 ${what}`;
  return `${number} ${what === 'entry' ? 'entries' : `${what}s`}`;
}

const COMPILED = new Map<string, RegExp>();

/** The patterns are for whole values; in them a dot is no line break. */
function compiled(pattern: string): RegExp {
  const known = COMPILED.get(pattern);
  if (known) return known;
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  COMPILED.set(pattern, expression);
  return expression;
}
