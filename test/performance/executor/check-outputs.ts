import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Work } from './work';

/**
 * That every step has left its file. A step fails if those before it haven't, or if it is run twice, so that with the
 * files their order is right too.
 * @throws Error that names the first step whose file isn't as it has to be
 */
export function checkOutputs(title: string, { shape, steps }: Work, folder: string): void {
  for (let index = 0; index < steps; index += 1) {
    const expected = `${shape} ${steps} ${index}`;
    const got = read(join(folder, String(index)));
    if (got !== expected)
      throw new Error(
        `${title}: step ${index} of ${steps} must leave "${expected}", got ${got ?? 'no file'}; equal work is needed, so mend it or leave it out by --only`,
      );
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
