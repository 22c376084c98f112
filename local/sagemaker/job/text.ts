import type { Json } from '../../../core/json';

/** A member that the service says is a string. @returns '' if it isn't there */
export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
