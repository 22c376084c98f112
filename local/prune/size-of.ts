import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK_BYTES = 512;

/** What files and folders take on disk, in bytes; what has gone meanwhile takes none. Links aren't followed. */
export function sizeOf(...paths: readonly string[]): number {
  const seen = new Set<number>();
  const measure = (path: string): number => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found || seen.has(found.ino)) return 0;
    seen.add(found.ino);
    const inner = found.isDirectory() ? namesIn(path).map((name) => measure(join(path, name))) : [];
    return inner.reduce((sum, bytes) => sum + bytes, found.blocks * BLOCK_BYTES);
  };
  return paths.reduce((sum, path) => sum + measure(path), 0);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
