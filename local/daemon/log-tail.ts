import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** Enough for the last lines of any log. */
const BYTES = 16_384;

export interface LogTailOptions {
  /** @default 15 */
  readonly lines?: number;
  /** Byte that the part of interest begins at. @default 0 */
  readonly from?: number;
}

/** The last lines of a log, without escape sequences and empty lines. Empty if there is no such file. */
export function logTail(file: string, { lines = 15, from = 0 }: LogTailOptions = {}): string {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(handle);
    const buffer = Buffer.alloc(Math.min(Math.max(0, size - from), BYTES));
    readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return lastLines(buffer.toString(), lines);
  } finally {
    closeSync(handle);
  }
}

export function lastLines(text: string, lines: number): string {
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .join('\n');
}
