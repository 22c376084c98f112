import { resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

/** What a program of the repository is made of, packages left out; nothing is written. @param entry from the repository on */
export function metafileOf(entry: string): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: resolve(__dirname, '../..'),
    entryPoints: [entry],
    outdir: 'bundle',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  return metafile;
}
