import { InvalidInputError } from '../../../../core/invalid-input-error';
import type { Json, JsonObject } from '../../../../core/json';

type Index = number | { readonly from: number };
type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly Index[] }
  | { readonly kind: 'all' };

/** A JSONPath as batch transform takes it, ready to be applied. */
export interface JsonPath {
  /** `$`: everything, as it is. */
  readonly isRoot: boolean;
  /** Only indexes, as a row of CSV has nothing else. */
  readonly isOfRows: boolean;
  /** @throws InvalidInputError if the value has no such part */
  select(value: Json): Json;
}

const NAME = /^\.([A-Za-z_][\w-]*)/;
const ALL = /^(?:\.\*|\[\*\])/;
const NAMES = /^\.?\[((?:'[^']*'|"[^"]*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*)\]/;
const INDEXES = /^\[([-\d:,\s]+)\]/;

/**
 * Reads the part of JSONPath that SageMaker documents; everything else is refused. So is a slice with an end: the same
 * page of the documentation counts the end in and leaves it out.
 * @param where for messages, for example `DataProcessing.InputFilter`
 * @throws InvalidInputError
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html#data-processing-operators
 */
export function parseJsonPath(text: string, where: string): JsonPath {
  const steps: Step[] = [];
  let rest = text.startsWith('$') ? text.slice(1) : undefined;
  while (rest !== undefined && rest !== '') {
    const found = next(rest, text, where);
    steps.push(found.step);
    rest = rest.slice(found.length);
  }
  if (rest === undefined) throw unsupported(text, where);
  return {
    isRoot: steps.length === 0,
    isOfRows: steps.every(({ kind }) => kind !== 'names'),
    select: (value) => select(steps, value, text, where),
  };
}

function next(rest: string, text: string, where: string): { readonly step: Step; readonly length: number } {
  const all = ALL.exec(rest);
  if (all) return { step: { kind: 'all' }, length: all[0].length };
  const name = NAME.exec(rest);
  if (name) return { step: { kind: 'names', names: [name[1] ?? ''] }, length: name[0].length };
  const names = NAMES.exec(rest);
  if (names) {
    const list = (names[1] ?? '').match(/'[^']*'|"[^"]*"/g) ?? [];
    return { step: { kind: 'names', names: list.map((quoted) => quoted.slice(1, -1)) }, length: names[0].length };
  }
  const indexes = INDEXES.exec(rest);
  if (!indexes) throw unsupported(text, where);
  const list = (indexes[1] ?? '').split(',').map((part) => index(part.trim(), text, where));
  return { step: { kind: 'indexes', indexes: list }, length: indexes[0].length };
}

function index(part: string, text: string, where: string): Index {
  if (/^-?\d+$/.test(part)) return Number(part);
  const [, from] = /^(\d*):$/.exec(part) ?? [];
  if (from !== undefined) return { from: Number(from) };
  if (/^-?\d*:-?\d*$/.test(part))
    throw new InvalidInputError(
      where,
      `a slice with an end or a negative start isn't clear in SageMaker's documentation, got ${text}`,
      'list the indexes, for example $[1,2,3]',
    );
  throw unsupported(text, where);
}

function select(steps: readonly Step[], root: Json, text: string, where: string): Json {
  let nodes: Json[] = [root];
  let many = false;
  const missing = (what: string) =>
    new InvalidInputError(where, `${text} selects ${what}, which the record doesn't have`, 'correct the path');
  for (const step of steps) {
    if (step.kind === 'names') nodes = nodes.map((node) => pick(node, step.names, missing));
    else {
      many ||= step.kind === 'all' || step.indexes.length > 1 || typeof step.indexes[0] === 'object';
      nodes = nodes.flatMap((node) => (step.kind === 'all' ? values(node, missing) : at(node, step.indexes, missing)));
    }
  }
  return many ? nodes : (nodes[0] as Json);
}

/** One name gives its value, several give an object of them. */
function pick(node: Json, names: readonly string[], missing: (what: string) => Error): Json {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) throw missing(`'${names.join("','")}'`);
  const object = node as JsonObject;
  const absent = names.find((name) => !Object.hasOwn(object, name));
  if (absent !== undefined) throw missing(`'${absent}'`);
  const [first = ''] = names;
  return names.length === 1
    ? (object[first] as Json)
    : Object.fromEntries(names.map((name) => [name, object[name] as Json]));
}

function values(node: Json, missing: (what: string) => Error): Json[] {
  if (typeof node !== 'object' || node === null) throw missing('*');
  return Array.isArray(node) ? (node as Json[]) : (Object.values(node) as Json[]);
}

function at(node: Json, indexes: readonly Index[], missing: (what: string) => Error): Json[] {
  if (!Array.isArray(node)) throw missing('an index');
  const list = node as Json[];
  return indexes.flatMap((wanted) => {
    if (typeof wanted === 'object') return list.slice(wanted.from);
    const position = wanted < 0 ? list.length + wanted : wanted;
    if (position < 0 || position >= list.length) throw missing(String(wanted));
    return list.slice(position, position + 1);
  });
}

function unsupported(text: string, where: string): InvalidInputError {
  return new InvalidInputError(
    where,
    `must be a JSONPath of $, .name, ['name','name'], [0,-1], [2:] and *, got ${text}`,
    'correct it',
  );
}
