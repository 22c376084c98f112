import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { EnvironmentSpec } from '../../../config/environment-spec';
import { checkKubernetes } from '../../../config/kubernetes/check-kubernetes';
import { nextReleases } from '../../../config/kubernetes/next-releases';
import { ModelReleases, type Release } from '../../../config/kubernetes/release';
import { readReleases, releaseFile, releaseText } from '../../../config/kubernetes/release-file';
import { Faults } from '../../../core/faults';
import { InvalidInputError } from '../../../core/invalid-input-error';
import type { Chosen } from '../../model-argument';

export interface ReleaseFileChange {
  /** From the root of the checkout. */
  readonly file: string;
  readonly changed: boolean;
  /** What the model serves now. */
  readonly releases: ModelReleases;
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
 * Writes a release into the environment's file: all of it or nothing, and nothing at all if it is there already.
 * @param root of the checkout
 * @throws InvalidInputError if the environment could not serve it, or another command writes at the same time
 */
export function writeReleaseFile(chosen: Chosen, release: Release, root: string): ReleaseFileChange {
  const { environmentName, environment, model, spec } = chosen;
  const file = releaseFile(environmentName);
  return withDraft(file, root, (write) => {
    requireReleaseFile(chosen, root);
    const plane = environment.kubernetes;
    if (!plane) throw new Error(`${environmentName} has no plane kubernetes`);
    const { engine } = plane;
    const { mode } = spec.serving;
    const releases = ModelReleases.parse(nextReleases(plane.releases[model] ?? {}, release, { engine, mode }));
    const changed = !isDeepStrictEqual(releases, plane.releases[model]);
    if (!changed) return { file, changed, releases };
    const all = { ...plane.releases, [model]: releases };
    const faults = new Faults();
    const next = EnvironmentSpec.parse({ ...environment, kubernetes: { ...plane, releases: all } });
    checkKubernetes('config/environments.ts', { [environmentName]: next }, { [model]: spec }, faults);
    faults.throwIfAny(file);
    write(releaseText(all));
    return { file, changed, releases };
  });
}

/** The draft is also the lock: whoever makes it has the file until it takes its place or goes. */
function withDraft<T>(file: string, root: string, work: (write: (text: string) => void) => T): T {
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
    return work((text) => {
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
