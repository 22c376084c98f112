import type { Shape } from './shape';

/** One way in which a value doesn't fit its shape. */
export type Violation =
  | { readonly kind: 'missing'; readonly path: Path; readonly member: string }
  | {
      readonly kind: 'unknown';
      readonly path: Path;
      readonly member: string;
      /** The members that there are. */
      readonly known: readonly string[];
    }
  | { readonly kind: 'type'; readonly path: Path; readonly wanted: Shape['kind']; readonly value: unknown };

/** Members, keys of maps and positions in lists that lead to a value. */
export type Path = readonly (string | number)[];

export interface ViolationOptions {
  /** Members of the outermost structure that may be absent though they are required. @default [] */
  readonly optional?: readonly string[];
  /**
   * Asked about every value before it is judged; true means that the value needs no judging, as for a token that only
   * a deployment knows.
   * @default - every value is judged
   */
  readonly accepts?: (value: unknown, shape: Shape, path: Path) => boolean;
}

/** Everything about `value` that its shape forbids. In a structure, null counts as absent, as it does on the wire. */
export function violationsOf(
  shape: Shape,
  value: unknown,
  { optional = [], accepts = () => false }: ViolationOptions = {},
): Violation[] {
  const found: Violation[] = [];

  function visit(at: Shape, inner: unknown, path: Path): void {
    if (accepts(inner, at, path)) return;
    switch (at.kind) {
      case 'structure':
        if (isRecord(inner)) visitMembers(at, inner, path);
        else found.push({ kind: 'type', path, wanted: at.kind, value: inner });
        break;
      case 'list':
        if (Array.isArray(inner))
          for (const [index, item] of inner.entries()) visit(at.items(), item, [...path, index]);
        else found.push({ kind: 'type', path, wanted: at.kind, value: inner });
        break;
      case 'map':
        if (isRecord(inner)) for (const [key, item] of Object.entries(inner)) visit(at.values(), item, [...path, key]);
        else found.push({ kind: 'type', path, wanted: at.kind, value: inner });
        break;
      default:
        if (!FITS[at.kind](inner)) found.push({ kind: 'type', path, wanted: at.kind, value: inner });
    }
  }

  function visitMembers(
    at: Shape & { kind: 'structure' },
    record: Readonly<Record<string, unknown>>,
    path: Path,
  ): void {
    for (const [member, { shape: inner, required }] of at.members) {
      const given = Object.hasOwn(record, member) ? record[member] : undefined;
      if (given !== undefined && given !== null) visit(inner(), given, [...path, member]);
      else if (required && !(path.length === 0 && optional.includes(member)))
        found.push({ kind: 'missing', path, member });
    }
    for (const member of Object.keys(record))
      if (!at.members.has(member) && record[member] !== undefined)
        found.push({ kind: 'unknown', path, member, known: [...at.members.keys()] });
  }

  visit(shape, value, []);
  return found;
}

const FITS: Readonly<Record<Exclude<Shape['kind'], 'list' | 'map' | 'structure'>, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'bigint',
  boolean: (value) => typeof value === 'boolean',
  // Seconds since 1970 on the wire, text in files, a Date in programs.
  timestamp: (value) =>
    (typeof value === 'number' && Number.isFinite(value)) ||
    (typeof value === 'string' && !Number.isNaN(Date.parse(value))) ||
    (value instanceof Date && !Number.isNaN(value.getTime())),
  // Base64 on the wire, bytes in programs.
  blob: (value) => value instanceof Uint8Array || (typeof value === 'string' && BASE64.test(value)),
  document: (value) => value !== undefined,
};
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}
