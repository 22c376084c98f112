import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { ModelReleases } from './release';

/** Of an environment, from the root of the checkout: the one file that a release on Kubernetes changes. */
export function releaseFile(environment: string): string {
  return `config/releases/${environment}.json`;
}

/**
 * What an environment serves, by model, for its `kubernetes.releases`. The config checks it like anything else in it.
 * @param root of the checkout
 * @throws InvalidInputError if there is no such file, or no JSON object in it
 */
export function readReleases(
  environment: string,
  root: string = join(__dirname, '../..'),
): Readonly<Record<string, ModelReleases>> {
  const file = releaseFile(environment);
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    throw new InvalidInputError(
      file,
      `holds what ${environment} serves, got ${(error as Error).message}`,
      'create it with {} for each model of the environment',
    );
  }
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(
      file,
      `must be JSON, got ${(error as Error).message}`,
      'correct it, or take it from the last commit',
    );
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found))
    return found as Record<string, ModelReleases>;
  throw new InvalidInputError(file, `must be an object of releases by model, got ${text.trim()}`, 'write {} into it');
}

/** As it is written: the same text for the same releases, one value a line, so that a release is a small change. */
export function releaseText(releases: Readonly<Record<string, ModelReleases>>): string {
  const sorted = Object.fromEntries(Object.entries(releases).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}
