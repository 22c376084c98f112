import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const REPOSITORY = resolve(__dirname, '../..');
const IMAGE = join(REPOSITORY, 'server/image');

let bundled: Uint8Array | undefined;

/** The model server and all that it imports, but for the runtime's native part. Built once a process. */
export function serverBundle(): Uint8Array {
  bundled ??= buildSync({
    absWorkingDir: REPOSITORY,
    entryPoints: ['server/main.ts'],
    outfile: 'main.cjs',
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node'],
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  }).outputFiles[0]?.contents;
  if (!bundled) throw new Error('esbuild gave no bundle of server/main.ts');
  return bundled;
}

/** Lays out the build context of the server's image. @param directory that exists */
export function writeServerProgram(directory: string): void {
  cpSync(IMAGE, directory, { recursive: true });
  writeFileSync(join(directory, 'main.cjs'), serverBundle());
}
