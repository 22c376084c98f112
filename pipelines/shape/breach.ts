import type { Path } from './violation';

/** Bounds, pattern and enum of one shape, and where to go on in what it holds. Made from botocore's model. */
export interface Limits {
  /** Of a number its value, of a text its characters, of a list or map how much it holds. */
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  /** For whole values; a dot in it is no line break. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly members?: Readonly<Record<string, string>>;
  readonly items?: string;
  readonly keys?: string;
  readonly values?: string;
}

/** By the name of the shape, for example `CreateProcessingJobRequest`. */
export type LimitTable = Readonly<Record<string, Limits>>;

/** One limit that a value doesn't keep. */
export type Breach = { readonly path: Path } & (
  | { readonly kind: 'too short' | 'too long'; readonly bound: number; readonly length: number; readonly value: string }
  | {
      readonly kind: 'too few' | 'too many';
      readonly of: 'item' | 'entry';
      readonly bound: number;
      readonly length: number;
    }
  | { readonly kind: 'too small' | 'too large'; readonly bound: number; readonly value: number }
  | { readonly kind: 'no whole number'; readonly value: number }
  | { readonly kind: 'not in the enum'; readonly choices: readonly string[]; readonly value: string }
  | { readonly kind: 'no match'; readonly pattern: string; readonly value: string }
);

export interface BreachOptions {
  /**
   * Asked about every value before it is judged; true for those that nobody knows yet.
   * @default - every value is judged
   */
  readonly skip?: (value: unknown, limits: Limits, path: Path) => boolean;
}

/** Every limit of the table that `value` doesn't keep. Values of the wrong type are passed over, as are absent ones. */
export function breachesOf(
  table: LimitTable,
  shape: string,
  value: unknown,
  { skip = () => false }: BreachOptions = {},
): Breach[] {
  const found: Breach[] = [];

  function visit(name: string, inner: unknown, path: Path): void {
    const limits = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!limits || inner === undefined || inner === null || skip(inner, limits, path)) return;
    if (typeof inner === 'string') found.push(...textBreaches(inner, limits, path));
    else if (typeof inner === 'number') found.push(...numberBreaches(inner, limits, path));
    else if (Array.isArray(inner)) {
      found.push(...countBreaches('item', inner.length, limits, path));
      const { items } = limits;
      if (items !== undefined) for (const [index, item] of inner.entries()) visit(items, item, [...path, index]);
    } else if (typeof inner === 'object') visitEntries(inner, limits, path);
  }

  function visitEntries(record: object, limits: Limits, path: Path): void {
    const { members, keys, values } = limits;
    const entries = Object.entries(record);
    if (!members) found.push(...countBreaches('entry', entries.length, limits, path));
    for (const [key, inner] of entries) {
      if (keys !== undefined) visit(keys, key, [...path, key]);
      const shapeOfInner = members ? (Object.hasOwn(members, key) ? members[key] : undefined) : values;
      if (shapeOfInner !== undefined) visit(shapeOfInner, inner, [...path, key]);
    }
  }

  visit(shape, value, []);
  return found;
}

function textBreaches(
  value: string,
  { min = 0, max = Infinity, pattern, enum: choices }: Limits,
  path: Path,
): Breach[] {
  const length = Array.from(value).length;
  const found: Breach[] = [];
  if (length < min) found.push({ kind: 'too short', path, bound: min, length, value });
  if (length > max) found.push({ kind: 'too long', path, bound: max, length, value });
  if (choices && !choices.includes(value)) found.push({ kind: 'not in the enum', path, choices, value });
  // Patterns aren't meant for texts beyond their bounds, where some would take long to fail.
  if (pattern !== undefined && length >= min && length <= max && !compiled(pattern).test(value))
    found.push({ kind: 'no match', path, pattern, value });
  return found;
}

function numberBreaches(value: number, { min = -Infinity, max = Infinity, integer }: Limits, path: Path): Breach[] {
  const found: Breach[] = [];
  if (integer && !Number.isInteger(value)) found.push({ kind: 'no whole number', path, value });
  if (value < min) found.push({ kind: 'too small', path, bound: min, value });
  if (value > max) found.push({ kind: 'too large', path, bound: max, value });
  return found;
}

function countBreaches(
  of: 'item' | 'entry',
  length: number,
  { min = 0, max = Infinity }: Limits,
  path: Path,
): Breach[] {
  if (length < min) return [{ kind: 'too few', of, path, bound: min, length }];
  return length > max ? [{ kind: 'too many', of, path, bound: max, length }] : [];
}

const COMPILED = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = COMPILED.get(pattern);
  if (known) return known;
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  COMPILED.set(pattern, expression);
  return expression;
}
