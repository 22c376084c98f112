import { readFileSync } from 'node:fs';
import { JobDirectory } from '../../../local/sagemaker/job/job-directory';
import { Store } from '../../../local/sagemaker/store';
import type { Interval } from './loop-results';

/** Kinds of jobs that run a script, with the members that name it and say when it ran. */
const KINDS = [
  { kind: 'processing-job', name: 'ProcessingJobName', from: 'ProcessingStartTime', to: 'ProcessingEndTime' },
  { kind: 'training-job', name: 'TrainingJobName', from: 'TrainingStartTime', to: 'TrainingEndTime' },
  { kind: 'transform-job', name: 'TransformJobName', from: 'TransformStartTime', to: 'TransformEndTime' },
] as const;

/** Of a job that records runs, before their database was there: see workloads/common/tracking_tables.py. */
const WAITED = /^tracking: waited ([\d.]+) s /m;

/**
 * When the scripts of jobs ran, later by what they waited for a database that isn't theirs to make.
 * @param folder state of our SageMaker
 * @param since milliseconds since 1970: jobs that began earlier are those of an earlier run
 */
export function readJobs(folder: string, since: number): readonly Interval[] {
  const store = new Store(folder);
  const waited = (job: unknown) => {
    const [, seconds = '0'] = WAITED.exec(readFileSync(JobDirectory.of(store, String(job)).log, 'utf8')) ?? [];
    return Number(seconds) * 1000;
  };
  return KINDS.flatMap(({ kind, name, from, to }) =>
    store
      .collection<Readonly<Record<string, unknown>>>(kind)
      .list()
      .map((record) => ({
        job: record[name],
        from: Date.parse(String(record[from])),
        to: Date.parse(String(record[to])),
      }))
      .filter((job) => job.from >= since && Number.isFinite(job.to))
      .map(({ job, from: began, to: ended }) => ({ from: began + waited(job), to: ended })),
  );
}
