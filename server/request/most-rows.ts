import type { InvalidInputError } from '../../core/invalid-input-error';
import { bodyFault } from './body-fault';

/** Any body may take as much as rows. */
const LEAST_BYTES = 32 * 1024 * 1024;
const CELL_BYTES = 8;

/** How rows of a form of bodies take memory. */
export interface Growth {
  /** Of a row that has no cells. */
  readonly rowBytes: number;
  /** Bytes of rows for each of the body's. Rows that have all their columns take less. */
  readonly times: number;
}

export const OF_OBJECTS: Growth = { rowBytes: 64, times: 16 };
export const OF_LINES: Growth = { rowBytes: 0, times: 8 };

/**
 * Rows that a body may have. Each takes a cell of each column, also of those that it leaves out: 6 MB of `{},{}` would take
 * 300 MB and more.
 */
export function mostRows(length: number, columns: number, { rowBytes, times }: Growth): number {
  return Math.floor(Math.max(LEAST_BYTES, times * length) / (rowBytes + CELL_BYTES * columns));
}

export function tooManyRows(most: number): InvalidInputError {
  return bodyFault(`must have at most ${most} rows for its size, got more`, 'send fewer rows at a time');
}
