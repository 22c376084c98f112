import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What nobody would read is no golden file. */
const MAX_LINES = 200;

/**
 * Compares text with a file that people read and review.
 * `UPDATE_GOLDEN=1` writes the file anew.
 * @param name path below this folder
 */
export function expectGolden(name: string, text: string): void {
  const file = join(__dirname, name);
  if (process.env['UPDATE_GOLDEN']) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text.split('\n').length).toBeLessThanOrEqual(MAX_LINES);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
