import { Store } from '../../../local/sagemaker/store';
import type { Interval } from './loop-results';

/** Kinds of jobs that run a script, with the members that say when it ran. */
const KINDS = [
  { kind: 'processing-job', from: 'ProcessingStartTime', to: 'ProcessingEndTime' },
  { kind: 'training-job', from: 'TrainingStartTime', to: 'TrainingEndTime' },
  { kind: 'transform-job', from: 'TransformStartTime', to: 'TransformEndTime' },
] as const;

/**
 * When the scripts of jobs ran.
 * @param folder state of our SageMaker
 * @param since milliseconds since 1970: jobs that began earlier are those of an earlier run
 */
export function readJobs(folder: string, since: number): readonly Interval[] {
  const store = new Store(folder);
  return KINDS.flatMap(({ kind, from, to }) =>
    store
      .collection<Readonly<Record<string, unknown>>>(kind)
      .list()
      .map((record) => ({ from: Date.parse(String(record[from])), to: Date.parse(String(record[to])) }))
      .filter((job) => job.from >= since && Number.isFinite(job.to)),
  );
}
