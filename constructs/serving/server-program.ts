import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { BUNDLES, bundle } from './bundle';
import { readableByAll } from './readable-by-all';

const IMAGE = resolve(__dirname, '../../server/image');
const PROGRAM = 'main.cjs';
const FOLDER = 'server-image-';

let bundled: string | undefined;

/** The model server and all that it imports, but for the runtime's native part. */
export function serverBundle(): string {
  bundled ??= bundle('server', {
    entryPoints: [{ in: 'server/main.ts', out: 'main' }],
    outExtension: { '.js': '.cjs' },
    external: ['onnxruntime-node'],
  }).get(PROGRAM);
  if (bundled === undefined) throw new Error('esbuild gave no bundle of server/main.ts');
  return bundled;
}

let laidOut: string | undefined;

/**
 * The folder with the build context of the server's image. It is named after what it holds, so that it is laid out once
 * however many models there are, and never changes under an image that is being built from it.
 */
export function serverProgram(): string {
  laidOut ??= layOutServerProgram(BUNDLES);
  return laidOut;
}

/** @param parent of the folder; what lies there and holds anything else is replaced */
export function layOutServerProgram(parent: string): string {
  mkdirSync(parent, { recursive: true });
  removeOld(parent);
  const draft = mkdtempSync(join(parent, FOLDER));
  try {
    cpSync(IMAGE, draft, { recursive: true });
    writeFileSync(join(draft, PROGRAM), serverBundle());
    readableByAll(draft);
    const hash = hashOf(draft);
    const directory = join(parent, `${FOLDER}${hash}`);
    if (hashOf(directory) !== hash) {
      rmSync(directory, { recursive: true, force: true });
      try {
        renameSync(draft, directory);
      } catch (error) {
        // Another process may have been the sooner done.
        if (hashOf(directory) !== hash) throw error;
      }
    }
    return directory;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Of names, modes and contents. @returns undefined where there is no such folder */
function hashOf(directory: string): string | undefined {
  if (!existsSync(directory)) return undefined;
  const hash = createHash('sha256');
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(directory, name);
    const found = statSync(file);
    hash.update(`${name}\0${found.mode}\0`).update(found.isFile() ? readFileSync(file) : '');
  }
  return hash.digest('hex').slice(0, 16);
}

const DAY_MS = 24 * 3600 * 1000;

/** Nobody is at work any more with what is a day old. */
function removeOld(parent: string): void {
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(FOLDER))) {
    const folder = join(parent, name);
    const { mtimeMs = Date.now() } = statSync(folder, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > DAY_MS) rmSync(folder, { recursive: true, force: true });
  }
}
