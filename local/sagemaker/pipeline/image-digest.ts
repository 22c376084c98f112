import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../../container/image';

/**
 * Stands for what is in an image: its files, its environment and its interpreter. A tag may be used again for other
 * contents, so the tag says nothing.
 */
export async function imageDigest({ program, interpreter, environment }: Image): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([interpreter, Object.entries(environment)]));
  const add = async (folder: string): Promise<void> => {
    const entries = await readdir(join(program, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      // Python writes its compiled files while it runs.
      if (entry.name === '__pycache__') continue;
      if (entry.isDirectory()) await add(path);
      else if (entry.isFile()) hash.update(`\0${path}\0`).update(await readFile(join(program, path)));
    }
  };
  await add('');
  return hash.digest('hex');
}
