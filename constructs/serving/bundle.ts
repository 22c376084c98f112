import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type BuildOptions, buildSync, version } from 'esbuild';

const REPOSITORY = resolve(__dirname, '../..');
/** What is kept between synthesis. May be deleted at any time. */
export const BUNDLES = join(REPOSITORY, '.mlops/bundles');

interface Kept {
  readonly settings: string;
  /** Every file that was read, and how it was then. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * A bundle of TypeScript by esbuild. It takes a second or two, several times what the rest of a small synthesis takes, so
 * it is kept until a file that is in it changes.
 * @param name of the bundle among all, and of the file that it is kept in
 * @param options with paths from the repository's root
 * @returns text of the files by name
 */
export function bundle(name: string, options: BuildOptions, directory = BUNDLES): ReadonlyMap<string, string> {
  const file = join(directory, `${name}.json`);
  const settings = JSON.stringify([version, options, contentOf('tsconfig.json')]);
  const kept = read(file);
  if (kept?.settings === settings && isFresh(kept)) return new Map(Object.entries(kept.outputs));
  const { outputFiles, metafile } = buildSync({
    logLevel: 'error',
    ...options,
    absWorkingDir: REPOSITORY,
    outdir: 'bundle',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    // Emulators run functions with the Node of the machine.
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
  });
  const outdir = join(REPOSITORY, 'bundle/');
  const outputs = Object.fromEntries(outputFiles.map(({ path, text }) => [path.slice(outdir.length), text]));
  const inputs = Object.fromEntries(Object.keys(metafile.inputs).map((input) => [input, stateOf(input) ?? '']));
  write(file, { settings, inputs, outputs });
  return new Map(Object.entries(outputs));
}

function isFresh({ inputs }: Kept): boolean {
  return Object.entries(inputs).every(([input, state]) => stateOf(input) === state);
}

/** Packages have thousands of files, which change when they are installed anew only. */
function stateOf(input: string): string | undefined {
  if (!input.includes('node_modules/')) return contentOf(input);
  const { size, mtimeMs } = statSync(join(REPOSITORY, input), { throwIfNoEntry: false }) ?? {};
  return `${size} ${mtimeMs}`;
}

function contentOf(input: string): string | undefined {
  try {
    return createHash('sha256')
      .update(readFileSync(join(REPOSITORY, input)))
      .digest('hex');
  } catch {
    return undefined;
  }
}

/** What can't be read is made again. */
function read(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}

/** Whole whenever it is read. A place that can't be written to costs time only. */
function write(file: string, kept: Kept): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch {
    return;
  }
  try {
    writeFileSync(draft, JSON.stringify(kept));
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}
