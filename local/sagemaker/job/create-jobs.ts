import type { Context } from '../context';
import type { Call } from '../operation';
import { Jobs } from './jobs';
import { ProcessingJobRunner } from './processing-job';
import { TrainingJobRunner } from './training-job';
import { TransformJobRunner } from './transform-job';
import { TuningJobRunner } from './tuning-job';

export interface JobOptions {
  /**
   * From SIGTERM to SIGKILL, in seconds, when a job is stopped or has run too long.
   * @default 120
   */
  readonly stopGraceSeconds?: number;
}

/** All kinds of jobs, ready to start. */
export function createJobs(context: Context, call: Call, { stopGraceSeconds = 120 }: JobOptions = {}): Jobs {
  const jobs = new Jobs(context);
  const graceMs = stopGraceSeconds * 1000;
  jobs.add(
    new ProcessingJobRunner(context, graceMs),
    new TrainingJobRunner(context, graceMs),
    new TuningJobRunner(context, jobs),
    new TransformJobRunner(context, call),
  );
  return jobs;
}
