import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The last lines of a log, at most `bytes` of it: what a failure message can carry. Empty if there is no log. */
export function logTail(file: string, bytes = 600): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(0, size - bytes);
    const buffer = Buffer.alloc(size - start);
    readSync(descriptor, buffer, 0, buffer.length, start);
    const text = buffer.toString('utf8');
    const cut = start > 0 ? text.slice(text.indexOf('\n') + 1) : text;
    return cut.trim();
  } finally {
    closeSync(descriptor);
  }
}
