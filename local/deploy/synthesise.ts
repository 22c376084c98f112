import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fingerprint } from '../daemon/fingerprint';
import type { StateDirectory } from '../state-directory';
import type { Cdk } from './cdk';
import { CloudAssembly } from './cloud-assembly';

/** What templates and assets are made from. */
const SOURCES = [
  'bin',
  'cdk.json',
  'config',
  'constructs',
  'core',
  'handlers',
  'lib',
  'package-lock.json',
  'pipelines',
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
  const wanted = fingerprint(repository, SOURCES, process.version, environment);
  const found = existsSync(marker) && existsSync(directory) ? readFileSync(marker, 'utf8') : undefined;
  if (found !== wanted) {
    onProgress('synthesising the stacks');
    const draft = `${directory}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(dirname(directory), { recursive: true });
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
