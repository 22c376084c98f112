import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Made by tools, or by running. */
const IGNORED = new Set([
  'node_modules',
  '__pycache__',
  '.mlops',
  'cdk.out',
  '.git',
  '.pytest_cache',
  '.ruff_cache',
  '.mypy_cache',
]);

/**
 * A hash over the content and the names of files, and over anything else that a result depends on.
 * @param paths files and folders; one that isn't there counts as such
 */
export function fingerprint(root: string, paths: readonly string[], ...others: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(others));
  for (const path of paths) add(path);
  return hash.digest('hex');

  function add(path: string): void {
    const full = join(root, path);
    const kind = statSync(full, { throwIfNoEntry: false });
    // An empty file isn't a missing one.
    hash.update(`\0${path}\0${kind ? 'there' : 'missing'}\0`);
    if (kind?.isDirectory()) {
      for (const entry of readdirSync(full).sort())
        if (!IGNORED.has(entry) && !entry.endsWith('.pyc')) add(join(path, entry));
    } else if (kind?.isFile()) {
      hash.update(readFileSync(full));
    }
  }
}
