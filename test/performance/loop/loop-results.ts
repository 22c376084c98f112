import type { Summary } from '../../../local/loop/summary';

/** A time from which to which something ran, in milliseconds since 1970. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** One `npm run local`. */
export interface LoopRun {
  /** The whole command, from its start to its end. */
  readonly seconds: number;
  readonly phases: Summary['phases'];
  /** In which a script of the workload ran: those of jobs of this run alone. */
  readonly jobs: readonly Interval[];
}

/** What a clone's first run took, and its second. */
export interface LoopResults {
  readonly first: readonly LoopRun[];
  readonly second: readonly LoopRun[];
}
