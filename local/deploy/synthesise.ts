import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fingerprint } from '../daemon/fingerprint';
import { removeDraft } from '../python/remove-drafts';
import type { StateDirectory } from '../state-directory';
import type { Cdk } from './cdk';
import { CloudAssembly } from './cloud-assembly';

/** What templates and assets are made from, handlers, images and the model server among them. */
export const SYNTHESIS_SOURCES = [
  'bin',
  'cdk.json',
  'config',
  'constructs',
  'core',
  'handlers',
  'lib',
  'package-lock.json',
  'pipelines',
  'server',
  'tsconfig.json',
  'workloads',
];

export interface SynthesiseProps {
  readonly state: StateDirectory;
  /** Root of the checkout. */
  readonly repository: string;
  /** Name of the stage. */
  readonly environment: string;
  readonly cdk: Cdk;
  readonly onProgress: (message: string) => void;
}

/** The stage of one environment: that of the last time, unless a source has changed since. */
export async function synthesise(props: SynthesiseProps): Promise<CloudAssembly> {
  const { state, repository, environment, cdk, onProgress } = props;
  const directory = state.cloudAssembly;
  const marker = `${directory}.fingerprint`;
  const wanted = fingerprint(repository, SYNTHESIS_SOURCES, process.version, environment);
  const found = existsSync(marker) && existsSync(directory) ? readFileSync(marker, 'utf8') : undefined;
  if (found !== wanted) {
    onProgress('synthesising the stacks');
    mkdirSync(dirname(directory), { recursive: true });
    removeLeft(directory);
    // Of this process: what a killed one has started may go on writing into its own.
    const draft = `${directory}.${process.pid}.draft`;
    await cdk.run([
      'synth',
      `${environment}/*`,
      '--quiet',
      '--output',
      draft,
      '--context',
      `environments=${environment}`,
    ]);
    rmSync(marker, { force: true });
    rmSync(directory, { recursive: true, force: true });
    renameSync(draft, directory);
    writeFileSync(marker, wanted);
  }
  return new CloudAssembly(directory, environment);
}

/** Drafts of processes that were killed. */
function removeLeft(directory: string): void {
  const folder = dirname(directory);
  const prefix = `${basename(directory)}.`;
  for (const name of readdirSync(folder))
    if (name.startsWith(prefix) && name.endsWith('draft')) removeDraft(join(folder, name));
}
