/** What a member of a request or response may hold, read from the SDK's runtime schemas. */
export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'document' }
  | { readonly kind: 'list' | 'map'; readonly of: () => Shape }
  | { readonly kind: 'structure'; readonly members: ReadonlyMap<string, Member> };

export interface Member {
  readonly shape: () => Shape;
  readonly required: boolean;
}

/**
 * Reads one of the SDK's compact schemas: a number for a simple type, an array for everything else, either of them
 * behind a function where the SDK is lazy, and together with traits as `[schema, traits]`.
 * @throws Error on a kind that no service here uses; a newer SDK may bring one
 */
export function shapeOf(schema: unknown): Shape {
  const known = KNOWN.get(schema);
  if (known) return known;
  const shape = read(schema);
  KNOWN.set(schema, shape);
  return shape;
}

const KNOWN = new Map<unknown, Shape>();
const SIMPLE: Readonly<Record<number, Shape['kind']>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  15: 'document',
};
/** Added to the number of an element's simple type. */
const LIST = 64;
const MAP = 128;

function read(schema: unknown): Shape {
  if (typeof schema === 'function') return shapeOf((schema as () => unknown)());
  if (schema === 'unit') return { kind: 'structure', members: new Map() };
  if (typeof schema === 'number') return simple(schema);
  if (!Array.isArray(schema)) throw new Error(`unknown kind of schema: ${String(schema)}`);
  if (schema.length === 2) return shapeOf(schema[0]);
  const [kind, , , , first, second, required = 0] = schema as unknown[];
  switch (kind) {
    case 0: // a simple type with a name
      return shapeOf(first);
    case 1:
      return { kind: 'list', of: () => shapeOf(first) };
    case 2:
      return { kind: 'map', of: () => shapeOf(second) };
    case 3: // a structure lists its required members first
    case -3: // an error
    case 4: // a union
      return {
        kind: 'structure',
        members: new Map(
          (first as string[]).map((name, index) => [
            name,
            { shape: () => shapeOf((second as unknown[])[index]), required: index < (required as number) },
          ]),
        ),
      };
    default:
      throw new Error(`unknown kind of schema: ${String(kind)}`);
  }
}

function simple(number: number): Shape {
  if (number >= MAP) return { kind: 'map', of: () => simple(number - MAP) };
  if (number >= LIST) return { kind: 'list', of: () => simple(number - LIST) };
  const kind = SIMPLE[number];
  if (kind === undefined) throw new Error(`unknown simple type of schema: ${number}`);
  return { kind } as Shape;
}
