import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDENTITY_FILE } from '../container/identity-file';

/**
 * Folders of containers that haven't ended: each holds the identity of its process, or says that it is about to start.
 * Such a process makes and removes folders of its own meanwhile, so that any of them may be gone when it is looked at.
 */
export function containerFolders(root: string): readonly string[] {
  return entriesOf(root).flatMap((entry) => {
    const path = join(root, entry.name);
    if (entry.isDirectory()) return containerFolders(path);
    return entry.name === IDENTITY_FILE && /"(pid|starting)"/.test(textOf(path)) ? [root] : [];
  });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
