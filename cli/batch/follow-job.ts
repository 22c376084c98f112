import { setTimeout as delay } from 'node:timers/promises';
import type { Surroundings } from '../output';
import { Waiting } from '../release/waiting';
import type { BatchApi, TransformJob } from './batch-api';

/** A transform job ends after five days at most. */
const MOST_MINUTES = 5 * 24 * 60;

export interface FollowJobProps {
  readonly api: BatchApi;
  readonly jobName: string;
  readonly everySeconds: number;
  readonly surroundings: Pick<Surroundings, 'now' | 'out'>;
  /** @default - the clock of the machine */
  readonly sleep?: ((milliseconds: number) => Promise<unknown>) | undefined;
}

/** Waits for the end of a job and says how it stands. @returns its last description, whatever became of it */
export async function followJob({ api, jobName, sleep = delay, ...rest }: FollowJobProps): Promise<TransformJob> {
  const waiting = new Waiting({ minutes: MOST_MINUTES, sleep, ...rest });
  for (;;) {
    const job = await api.sageMaker.describeTransformJob({ TransformJobName: jobName });
    if (hasEnded(job) || !(await waiting.pause(describeJob(jobName, job)))) return job;
  }
}

export function hasEnded({ TransformJobStatus }: TransformJob): boolean {
  return TransformJobStatus !== 'InProgress' && TransformJobStatus !== 'Stopping';
}

function describeJob(jobName: string, { TransformJobStatus = 'InProgress', TransformStartTime }: TransformJob): string {
  const stage = TransformStartTime ? 'answering' : 'getting machines and the model';
  return `${jobName}: ${TransformJobStatus === 'InProgress' ? stage : TransformJobStatus}`;
}
