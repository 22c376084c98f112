import { randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { draftPrefix, linked, removeDraft } from './remove-drafts';

/**
 * Makes a folder that is there complete or not at all. A virtual environment can't be moved once it is made, so it is
 * made under a name of its own, and `folder` becomes a link to it at the end.
 * @param make fills the folder of its own; false means that it failed
 * @returns what `make` returned
 */
export async function replaceFolder(folder: string, make: (draft: string) => Promise<boolean>): Promise<boolean> {
  const parent = dirname(folder);
  const prefix = draftPrefix(basename(folder));
  for (const left of readdirSync(parent)) {
    // What a killed process began; a program that it started may still be writing there, hence the new name below.
    if (left.startsWith(prefix) && left !== linked(folder)) removeDraft(join(parent, left));
  }
  const draft = join(parent, `${prefix}${randomUUID()}`);
  let done = false;
  try {
    done = await make(draft);
  } finally {
    if (!done) rmSync(draft, { recursive: true, force: true });
  }
  if (!done) return false;
  const link = `${draft}.link`;
  symlinkSync(basename(draft), link);
  renameSync(link, folder);
  return true;
}
