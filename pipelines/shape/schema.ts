/** Schemas in the SDK's own compact form, for what no SDK client describes. See {@link shapeOf}. */
export type Schema = unknown;

export const STRING = 0;
export const NUMBER = 1;
export const BOOLEAN = 2;
/** Anything. */
export const DOCUMENT = 15;

/** @param required members by name; those of `optional` may be absent */
export function structure(
  name: string,
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  const members = { ...required, ...optional };
  return [3, 'mlops', name, 0, Object.keys(members), Object.values(members), Object.keys(required).length];
}

export function list(items: Schema): Schema {
  return [1, 'mlops', 'List', 0, items];
}

/** Keys are strings. */
export function map(values: Schema): Schema {
  return [2, 'mlops', 'Map', 0, 0, values];
}
