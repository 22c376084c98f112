import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidInputError } from '../core/invalid-input-error';
import { KUSTOMIZATION, SHARED } from './environment-files';

/**
 * Makes a folder hold these files and no others: what an earlier run left there must not be applied again. A folder that
 * no run wrote, such as `local/` of a checkout, is somebody else's.
 * @throws InvalidInputError if there are files to write and the folder is somebody else's
 */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  if (!isOurs(folder)) {
    if (Object.keys(files).length === 0) return;
    throw new InvalidInputError(
      folder,
      'is emptied before manifests are written, got a folder that holds something else',
      'use another folder with --out, or empty this one',
    );
  }
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Not there, empty, or written by an earlier run. */
function isOurs(folder: string): boolean {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return true;
  const kustomization = join(folder, KUSTOMIZATION);
  return existsSync(kustomization) && readFileSync(kustomization, 'utf8').includes(`- ${SHARED}\n`);
}
