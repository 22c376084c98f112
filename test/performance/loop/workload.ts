import type { Interval, LoopRun } from './loop-results';

/** Seconds in which at least one of them ran. */
export function covered(intervals: readonly Interval[]): number {
  let seconds = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    if (to <= end) continue;
    seconds += (to - Math.max(from, end)) / 1000;
    end = to;
  }
  return seconds;
}

export interface Split {
  readonly title: string;
  readonly seconds: number;
}

const PIPELINE = 'Run the pipeline';

/**
 * Where the time of a run went: its phases, the pipeline's in two, and what lay between and around them. Of phases that
 * ran beside each other, each has its whole time.
 */
export function splitOf({ seconds, phases, jobs }: LoopRun): readonly Split[] {
  const workload = covered(jobs);
  const inPhases = covered(phases.map(({ from, seconds: took }) => ({ from: from * 1000, to: (from + took) * 1000 })));
  return [
    ...phases.flatMap(({ title, seconds: took }) =>
      title === PIPELINE
        ? [
            { title: 'The pipeline: scripts of the workload', seconds: workload },
            { title: 'The pipeline: all else', seconds: took - workload },
          ]
        : [{ title, seconds: took }],
    ),
    { title: 'Before, between and after', seconds: seconds - inPhases },
  ];
}

/** How much of a run isn't the workload, 0 to 1. @throws RangeError unless the run took time */
export function shareBesideWorkload({ seconds, jobs }: Pick<LoopRun, 'seconds' | 'jobs'>): number {
  if (!(seconds > 0)) throw new RangeError(`shareBesideWorkload: needs seconds, got ${seconds}; see the run`);
  return 1 - covered(jobs) / seconds;
}
