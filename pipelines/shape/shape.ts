/** What a value of an API may hold, read from the runtime schemas of an AWS SDK client. */
export type Shape = SimpleShape | ListShape | MapShape | StructureShape;

export interface SimpleShape {
  readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'document';
}

export interface ListShape {
  readonly kind: 'list';
  readonly items: () => Shape;
}

export interface MapShape {
  readonly kind: 'map';
  readonly values: () => Shape;
}

export interface StructureShape {
  readonly kind: 'structure';
  /** As the service's model calls it, for example `CreateProcessingJobRequest`. */
  readonly name: string;
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  readonly shape: () => Shape;
  readonly required: boolean;
}

/**
 * Reads one schema of an AWS SDK client, for example its export `CreateProcessingJobRequest$`. A schema is a number for
 * a simple type and an array for everything else, behind a function where the client is lazy, and beside its traits as
 * `[schema, traits]`. The form is declared in `@smithy/types`, `schema/static-schemas.d.ts` and `schema/sentinels.d.ts`.
 * @throws Error on a kind of schema that only a newer SDK knows
 */
export function shapeOf(schema: unknown): Shape {
  const known = KNOWN.get(schema);
  if (known) return known;
  const shape = read(schema);
  KNOWN.set(schema, shape);
  return shape;
}

const KNOWN = new Map<unknown, Shape>();
/** Added to the number of the simple type that a list or a map holds. */
const LIST = 64;
const MAP = 128;
const SIMPLE: Readonly<Record<number, SimpleShape['kind']>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'document',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
};
/** First elements of the arrays; an error is a structure too. */
const SIMPLE_WITH_TRAITS = 0;
const OF_LIST = 1;
const OF_MAP = 2;
const STRUCTURES = new Set([3, 4, -3]);

function read(schema: unknown): Shape {
  if (typeof schema === 'function') return shapeOf((schema as () => unknown)());
  if (schema === 'unit') return { kind: 'structure', name: 'Unit', members: new Map() };
  if (typeof schema === 'number') return readNumber(schema);
  if (!Array.isArray(schema)) throw new Error(`unknown form of schema: ${String(schema)}`);
  if (typeof schema[1] !== 'string') return shapeOf(schema[0]);
  const [kind, , name, , first, second, required = 0] = schema as unknown[];
  if (kind === SIMPLE_WITH_TRAITS) return shapeOf(first);
  if (kind === OF_LIST) return { kind: 'list', items: () => shapeOf(first) };
  if (kind === OF_MAP) return { kind: 'map', values: () => shapeOf(second) };
  if (!STRUCTURES.has(kind as number)) throw new Error(`unknown kind of schema: ${String(kind)}`);
  const schemas = second as readonly unknown[];
  // The required members are listed first.
  const members = (first as readonly string[]).map(
    (member, index) =>
      [member, { shape: () => shapeOf(schemas[index]), required: index < (required as number) }] as const,
  );
  return { kind: 'structure', name: String(name), members: new Map(members) };
}

function readNumber(schema: number): Shape {
  if (schema >= MAP) return { kind: 'map', values: () => readNumber(schema - MAP) };
  if (schema >= LIST) return { kind: 'list', items: () => readNumber(schema - LIST) };
  const kind = SIMPLE[schema];
  if (kind === undefined) throw new Error(`unknown number of a simple schema: ${schema}`);
  return { kind };
}
