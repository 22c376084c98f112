import { lstatSync, readdirSync, readlinkSync, rmSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isHeld } from '../daemon/process-lock';

/** How the folders begin that {@link replaceFolder} makes for NAME. */
export const draftPrefix = (name: string) => `${name}.made-`;

/**
 * Removes what killed processes began and nobody goes on with: a folder for NAME that no link of that name leads to, and
 * whose maker doesn't hold `NAME.lock` any more.
 * @param parent holds the folders and the locks
 */
export function removeDrafts(parent: string): void {
  for (const entry of readdirSync(parent)) {
    const [, name] = /^(.+)\.made-/.exec(entry) ?? [];
    // In this order: whoever has given the lock back meanwhile has made the link before.
    if (name === undefined || isHeld(join(parent, `${name}.lock`)) || linked(join(parent, name)) === entry) continue;
    removeDraft(join(parent, entry));
  }
}

/** A program that a killed process has started may still be writing there; what then stays goes the next time. */
export function removeDraft(path: string): void {
  try {
    // Node 24's rmSync leaves links that lead nowhere.
    if (lstatSync(path).isSymbolicLink()) unlinkSync(path);
    else rmSync(path, { recursive: true, force: true });
  } catch {
    // Nothing depends on it.
  }
}

/** The folder that a link leads to. @returns undefined if there is no such link */
export function linked(folder: string): string | undefined {
  try {
    return basename(readlinkSync(folder));
  } catch {
    return undefined;
  }
}
