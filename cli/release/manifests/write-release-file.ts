import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { EnvironmentSpec } from '../../../config/environment-spec';
import { checkKubernetes } from '../../../config/kubernetes/check-kubernetes';
import { ModelReleases } from '../../../config/kubernetes/release';
import { readReleases, releaseFile, releaseText } from '../../../config/kubernetes/release-file';
import type { KubernetesPlane } from '../../../config/kubernetes/settings';
import { Faults } from '../../../core/faults';
import { InvalidInputError } from '../../../core/invalid-input-error';
import type { Chosen } from '../../model-argument';

export interface ReleaseFileChange {
  /** From the root of the checkout. */
  readonly file: string;
  readonly changed: boolean;
  /** What the model served before. */
  readonly before: ModelReleases;
  /** What the model serves now. */
  readonly releases: ModelReleases;
  /** Of what changed: the record's place in the evidence bucket. @default - nothing changed */
  readonly evidence?: string;
}

export interface ReleaseFileWrite {
  /** What the model serves from now on. */
  readonly next: (current: ModelReleases, plane: KubernetesPlane) => ModelReleases;
  /**
   * Called with what is about to be written, if it is anything new.
   * @returns the record's place in the evidence bucket
   */
  readonly before: (planned: ReleaseFileChange) => Promise<string>;
}

/**
 * Whether the environment's releases come from its file.
 * @throws InvalidInputError if they don't, or it has no plane `kubernetes`
 */
export function requireReleaseFile({ environmentName, environment }: Chosen, root: string): void {
  const file = releaseFile(environmentName);
  if (!environment.kubernetes) {
    throw new InvalidInputError(
      `--env ${environmentName}`,
      'manifests are of the plane kubernetes, got an environment without it',
      'leave --write-manifests out',
    );
  }
  const fix = `set its kubernetes.releases to readReleases('${environmentName}') in config/environments.ts`;
  if (!existsSync(join(root, file))) {
    throw new InvalidInputError(
      file,
      `holds what ${environmentName} serves, got no such file`,
      `create it, and ${fix}`,
    );
  }
  const written = Object.entries(readReleases(environmentName, root)).map(([model, releases]) => [
    model,
    ModelReleases.parse(releases),
  ]);
  if (isDeepStrictEqual(Object.fromEntries(written), { ...environment.kubernetes.releases })) return;
  throw new InvalidInputError(
    file,
    `is not what ${environmentName} reads, got other releases in its config`,
    `${fix}; if it does so already, another command has just changed the file: run this one again`,
  );
}

/**
 * Changes what a model serves in the environment's file: all of it or nothing, and nothing at all if it is there already.
 * @param root of the checkout
 * @throws InvalidInputError if the environment could not serve it, or another command writes at the same time
 */
export function writeReleaseFile(
  chosen: Chosen,
  root: string,
  { next, before: keep }: ReleaseFileWrite,
): Promise<ReleaseFileChange> {
  const { environmentName, environment, model, spec } = chosen;
  const file = releaseFile(environmentName);
  return withDraft(file, root, async (write) => {
    requireReleaseFile(chosen, root);
    const plane = environment.kubernetes;
    if (!plane) throw new Error(`${environmentName} has no plane kubernetes`);
    const before = plane.releases[model] ?? {};
    const releases = ModelReleases.parse(next(before, plane));
    const changed = !isDeepStrictEqual(releases, plane.releases[model]);
    if (!changed) return { file, changed, before, releases };
    const all = { ...plane.releases, [model]: releases };
    const faults = new Faults();
    const planned = EnvironmentSpec.parse({ ...environment, kubernetes: { ...plane, releases: all } });
    checkKubernetes('config/environments.ts', { [environmentName]: planned }, { [model]: spec }, faults);
    faults.throwIfAny(file);
    const evidence = await keep({ file, changed, before, releases });
    write(releaseText(all));
    return { file, changed, before, releases, evidence };
  });
}

/** The draft is also the lock: whoever makes it has the file until it takes its place or goes. */
async function withDraft<T>(
  file: string,
  root: string,
  work: (write: (text: string) => void) => Promise<T>,
): Promise<T> {
  const draft = join(root, `${file}.draft`);
  let descriptor: number;
  try {
    descriptor = openSync(draft, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new InvalidInputError(file, 'is in a folder that has to exist, got none', 'create the file first');
    }
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new InvalidInputError(
      file,
      `is written by one command at a time, got ${file}.draft of another one`,
      'wait for it, or remove the draft if that command was ended',
    );
  }
  let isOurs = true;
  try {
    return await work((text) => {
      writeFileSync(descriptor, text);
      renameSync(draft, join(root, file));
      // From here on a draft is another command's.
      isOurs = false;
    });
  } finally {
    closeSync(descriptor);
    if (isOurs) rmSync(draft, { force: true });
  }
}
