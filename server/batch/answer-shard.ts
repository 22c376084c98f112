import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Faults } from '../../core/faults';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Model } from '../model/onnx-model';
import { answerFile } from './answer-file';
import type { BatchSettings } from './batch-settings';
import { clearDrafts } from './drafts';

/** Whatever says which files there are and how they are answered. */
export type ShardSettings = Omit<BatchSettings, 'modelDirectory' | 'modelSha256'>;

/**
 * Answers the files of a shard. What was answered before is not answered again, so a pod that takes another's place goes on
 * where that one ended.
 * @returns how many files the shard has
 * @throws InvalidInputError that names each file that can't be answered; the others are
 */
export async function answerShard(model: Model, settings: ShardSettings): Promise<number> {
  const files = shardOf(settings);
  const faults = new Faults();
  const targetOf = (file: string) => join(settings.output, `${relative(settings.input, file)}.out`);
  for (const file of files) {
    const target = targetOf(file);
    if (existsSync(target)) continue;
    try {
      await answerFile(model, file, target, settings);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      faults.add(error.where, error.problem, error.fix);
    }
  }
  await clearDrafts(files.map(targetOf));
  faults.throwIfAny(`shard ${settings.index}`);
  return files.length;
}

/** Every so many-th file below the input, the same for every pod. Hidden ones are somebody else's business. */
export function shardOf({ index, shards, input }: Pick<BatchSettings, 'index' | 'shards' | 'input'>): string[] {
  if (!statSync(input, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidInputError(input, 'must be a folder, got none', 'mount the volume that holds it');
  }
  return filesBelow(input)
    .sort()
    .filter((_, place) => place % shards === index)
    .map((path) => join(input, path));
}

/** Paths from the folder on, through links to files as the volume has them. */
function filesBelow(folder: string, path = ''): string[] {
  return readdirSync(join(folder, path)).flatMap((name) => {
    if (name.startsWith('.')) return [];
    const below = join(path, name);
    const entry = statSync(join(folder, below), { throwIfNoEntry: false });
    if (entry?.isDirectory()) return filesBelow(folder, below);
    return entry?.isFile() ? [below] : [];
  });
}
