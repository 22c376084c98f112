import type { SimpleShape } from '../../shape/shape';

/** What a reference gives when the pipeline runs, as far as that is known at synth. */
export type ValueKind = 'string' | 'integer' | 'float' | 'number' | 'boolean' | 'unknown';

/** Whether a value of the kind may stand where the shape asks for one. */
export function fits(kind: ValueKind, wanted: SimpleShape['kind']): boolean {
  if (kind === 'unknown' || wanted === 'document') return true;
  if (wanted === 'number') return kind === 'integer' || kind === 'float' || kind === 'number';
  if (wanted === 'boolean') return kind === 'boolean';
  return kind === 'string';
}

/** @returns undefined for a value that no leaf can have */
export function kindOfLiteral(value: unknown): ValueKind | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number' && Number.isFinite(value)) return Number.isInteger(value) ? 'integer' : 'float';
  return undefined;
}

export function isNumeric(kind: ValueKind): boolean {
  return kind === 'integer' || kind === 'float' || kind === 'number';
}

/** Of a pipeline's parameter, or of an output parameter. */
export function kindOfType(type: string): ValueKind {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'unknown') : 'unknown';
}
const KINDS: Readonly<Record<string, ValueKind>> = {
  String: 'string',
  Integer: 'integer',
  Float: 'float',
  Boolean: 'boolean',
};
