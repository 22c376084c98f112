import type { JsonObject } from '../../../core/json';
import type { JobDirectory } from './job-directory';
import type { JobNoun } from './job-noun';

/** One job while it runs. */
export interface Job<Request> {
  readonly name: string;
  readonly arn: string;
  readonly request: Request;
  readonly directory: JobDirectory;
  /** Aborted when the job is to end: see `AbortReason`. */
  readonly signal: AbortSignal;
  /** Aborted when the server closes: a job that is being stopped has less time for it then. */
  readonly closing: AbortSignal;
  /** Adds members to the job's description, which is on disk soon after. */
  update(members: JsonObject): void;
}

export interface JobEnd {
  readonly status: 'Completed' | 'Stopped';
  /** Members of the job's description that are known now. */
  readonly members: JsonObject;
}

/** Does what one kind of job does. */
export interface JobRunner<Request> {
  readonly noun: JobNoun;
  /** Messages about what is wrong with the request beyond its shape; none if it can be run. */
  faults(request: Request): readonly string[];
  /** Members of the job's description from its start. */
  describe(request: Request): JsonObject;
  /** @throws JobError if the job fails */
  run(job: Job<Request>): Promise<JobEnd>;
}
