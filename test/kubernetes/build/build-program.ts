import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownedFolder } from '../control-plane/owned-folder';
import { definitionsIn } from './definitions-in';
import { type GoCommandProps, goCommand } from './go-command';
import type { Module, Program } from './programs';

interface ModFile {
  readonly Require: readonly { readonly Path: string }[];
  readonly Replace?: readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Path: string } }[];
}

export interface BuiltProgram {
  readonly file: string;
  /** Takes its custom resource definitions, if it has any. */
  readonly crds: string;
}

/**
 * Builds a program, and puts its custom resource definitions beside it. Each appears whole, or not at all.
 * @throws Error if the module isn't the pinned one, or doesn't build
 */
export async function buildProgram(program: Program, { file, crds }: BuiltProgram, go: GoCommandProps): Promise<void> {
  const folder = ownedFolder(`build-${program.name}`);
  const partial = `${file}.partial`;
  try {
    const source = await download(program, go);
    if (program.crds) await writeDefinitions(program.crds, source, crds, go);
    // Only the definitions were missing.
    if (existsSync(file)) return;
    const modFile = program.siblings ? [`-modfile=${await modFileOf(program, source, folder, go)}`] : [];
    const variables = Object.entries(program.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
    const flags = ['-mod=readonly', '-trimpath', '-v', '-ldflags', ['-s', '-w', ...variables].join(' ')];
    await goCommand(['build', '-C', source, ...modFile, ...flags, '-o', partial, program.package], go);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
    rmSync(folder, { recursive: true });
  }
}

async function writeDefinitions(
  crds: NonNullable<Program['crds']>,
  source: string,
  file: string,
  go: GoCommandProps,
): Promise<void> {
  const definitions = [];
  for (const { folder, of } of crds)
    definitions.push(...definitionsIn(join(of ? await download(of, go) : source, folder)));
  writeFileSync(`${file}.partial`, JSON.stringify(definitions));
  renameSync(`${file}.partial`, file);
}

/** @returns folder of the module */
async function download({ module, version, sum }: Module, go: GoCommandProps): Promise<string> {
  const text = await goCommand(['mod', 'download', '-json', `${module}@${version}`], go);
  const { Dir: folder, Sum: got } = JSON.parse(text) as { Dir: string; Sum: string };
  if (got === sum) return folder;
  throw new Error(
    `${module}@${version}: must have the pinned checksum ${sum}, got ${got}; delete ${folder}, or change the pin`,
  );
}

/** The module's own go.mod, with modules in place of folders that only its repository has. */
async function modFileOf(program: Program, source: string, folder: string, go: GoCommandProps): Promise<string> {
  const file = join(folder, 'go.mod');
  // Copied by content: files of the module cache are read-only.
  writeFileSync(file, readFileSync(join(source, 'go.mod')));
  const { Replace = [], Require } = JSON.parse(await goCommand(['mod', 'edit', '-json', file], go)) as ModFile;
  const { version, sums = '' } = program.siblings ?? {};
  const siblings = Replace.filter(({ New }) => New.Path.startsWith('.')).map(({ Old }) => Old.Path);
  const required = Require.map(({ Path }) => Path).filter((path) => siblings.includes(path));
  const edits = [
    ...siblings.map((path) => (version ? `-replace=${path}=${path}@${version}` : `-dropreplace=${path}`)),
    // Where the version is said here, the module requires v0.0.0, which Go would change on its way.
    ...(version ? required.map((path) => `-require=${path}@${version}`) : []),
  ];
  await goCommand(['mod', 'edit', ...edits, file], go);
  const own = readFileSync(join(source, 'go.sum'), 'utf8');
  writeFileSync(join(folder, 'go.sum'), own + readFileSync(join(__dirname, sums), 'utf8'));
  return file;
}
