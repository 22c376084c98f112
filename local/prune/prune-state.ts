import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lastSeenName, MODEL_ARTIFACTS } from '../sagemaker/model-server/model-artifact';
import type { StateDirectory } from '../state-directory';
import { liveRecords } from './live-records';
import type { PruneAge, Pruned } from './pruned';
import { sizeOf } from './size-of';

const JSON_FILE = /\.json$/;
/** Says which content was last seen under a URI. */
const LAST_SEEN = /\.last$/;

/**
 * Removes the images and the copies of model artefacts that no model, version or pipeline names, and nothing has named
 * lately. Only for an environment that doesn't run, and can't be started meanwhile.
 */
export function pruneState(state: StateDirectory, age: PruneAge): readonly Pruned[] {
  const records = liveRecords(state.sagemaker, age.usedBefore);
  return [...pruneImages(state, records, age), ...pruneArtifacts(state, records, age)];
}

function pruneImages({ images }: StateDirectory, records: readonly string[], age: PruneAge): readonly Pruned[] {
  return (
    namesIn(images)
      .filter((name) => JSON_FILE.test(name) && isOld(join(images, name), age))
      .map((name) => name.replace(JSON_FILE, ''))
      .filter((tag) => !records.some((text) => text.includes(tag)))
      // What says that the image is there goes first.
      .map((tag) => remove('image', [join(images, `${tag}.json`), join(images, tag)], age))
  );
}

function pruneArtifacts(state: StateDirectory, records: readonly string[], age: PruneAge): readonly Pruned[] {
  const directory = join(state.sagemaker, MODEL_ARTIFACTS);
  const uris = new Set(records.flatMap((text) => text.match(/s3:\/\/[^"\\\s]+/g) ?? []));
  const wanted = new Set([...uris].map(lastSeenName));
  const names = namesIn(directory);
  const stays = names.filter(
    (name) => LAST_SEEN.test(name) && (wanted.has(name) || !isOld(join(directory, name), age)),
  );
  const contents = new Set(stays.map((name) => readFileSync(join(directory, name), 'utf8')));
  return names
    .filter((name) => !stays.includes(name) && !contents.has(name) && isOld(join(directory, name), age))
    .map((name) => remove('model-artifact', [join(directory, name)], age));
}

function remove(kind: Pruned['kind'], paths: readonly [string, ...string[]], { dryRun }: PruneAge): Pruned {
  const bytes = sizeOf(...paths);
  if (!dryRun) for (const path of paths) rmSync(path, { recursive: true, force: true });
  return { kind, path: paths[0], bytes };
}

function isOld(file: string, { usedBefore }: PruneAge): boolean {
  return statSync(file).mtimeMs < usedBefore;
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
