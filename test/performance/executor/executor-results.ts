import type { Timed } from './overhead';

export interface ExecutorResult {
  readonly id: string;
  readonly title: string;
  readonly versions: string;
  /** By {@link setting}. */
  readonly runs: Readonly<Record<string, Timed>>;
}

export interface ExecutorResults {
  readonly rounds: number;
  /** Seconds of the processes alone, the mean of a run before and one after the others of a round. */
  readonly bare: ExecutorResult;
  /** Ours first, then the other two of {@link OURS}, then the peers. */
  readonly contestants: readonly ExecutorResult[];
  /** Of steps that import what real ones do: the bare processes, and ours with and without the fork server. */
  readonly heavy?: readonly ExecutorResult[];
}

/** Id of ours with a process for each step. */
export const WITHOUT_FORKS = 'ours-anew';

/** Ids of what is ours, no peer: as `mlops local up` has it, without the fork server, and with outputs through S3. */
export const OURS = ['ours', WITHOUT_FORKS, 'ours-s3'];
