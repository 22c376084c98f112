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
  /** Ours first, then ours through S3, then the peers. */
  readonly contestants: readonly ExecutorResult[];
}

/** Ids of what is ours: no peer. */
export const OURS = ['ours', 'ours-s3'];
