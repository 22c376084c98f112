import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Kinds of records that say what has run: what they name is in use while they are new. */
const HISTORY = /-job(-trials)?$|^pipeline-(execution|step)/;
const RECORD = /\.jsonl?$/;

/**
 * The texts of our SageMaker's records that something depends on: models, versions, pipelines and the like whatever their
 * age, and jobs and executions since a time, which may still go on.
 * @param since in milliseconds since 1970
 */
export function liveRecords(sagemaker: string, since: number): readonly string[] {
  return entries(sagemaker, true).flatMap((kind) =>
    entries(join(sagemaker, kind), false)
      .filter((name) => RECORD.test(name))
      .map((name) => join(sagemaker, kind, name))
      .filter((file) => !HISTORY.test(kind) || statSync(file).mtimeMs >= since)
      .map((file) => readFileSync(file, 'utf8')),
  );
}

function entries(folder: string, folders: boolean): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() === folders)
      .map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
