/** `inconclusive`: there was too little to judge by, which is never `healthy`. */
export type Verdict = 'healthy' | 'tripped' | 'inconclusive';

export type Comparison =
  | 'GreaterThanThreshold'
  | 'GreaterThanOrEqualToThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

/** One guard and what was measured of it, a period after the other. */
export interface GuardRecord {
  readonly guard: string;
  readonly comparison: Comparison;
  readonly threshold: number;
  /** Periods in a row that have to be beyond the threshold. */
  readonly periods: number;
  /**
   * What the value rests on, such as requests, below which it says nothing.
   * @default 0
   */
  readonly minimumSamples?: number;
  readonly points: readonly GuardPoint[];
  /**
   * Whether its alarm went off meanwhile. An alarm looks at other stretches of time than whole periods, and what it saw
   * counts. @default false
   */
  readonly wentOff?: boolean;
}

export interface GuardPoint {
  /** Null: no data. */
  readonly value: number | null;
  /** Null: no data. @default - the value needs none */
  readonly samples?: number | null;
}

export interface GuardJudgement {
  readonly guard: string;
  readonly verdict: Verdict;
  /** Periods that could be judged. */
  readonly judged: number;
  readonly periods: number;
  /** The value that was furthest towards the threshold, or beyond it; null if there was none. */
  readonly worst: number | null;
  /** The most samples of a period; null where nobody counted any. */
  readonly samples: number | null;
}

export interface ReleaseJudgement {
  /** Tripped if any guard is, else inconclusive if any is: a release is healthy when every guard says so. */
  readonly verdict: Verdict;
  readonly guards: readonly GuardJudgement[];
}

/**
 * What the guards say of a release, from their data points while its traffic shifted. Without guards nothing was looked
 * at, which is inconclusive.
 */
export function judgeRelease(records: readonly GuardRecord[]): ReleaseJudgement {
  const guards = records.map(judgeGuard);
  const has = (verdict: Verdict) => guards.some((judgement) => judgement.verdict === verdict);
  if (has('tripped')) return { verdict: 'tripped', guards };
  return { verdict: guards.length === 0 || has('inconclusive') ? 'inconclusive' : 'healthy', guards };
}

/**
 * Tripped: somewhere as many periods in a row as it takes were beyond the threshold. Healthy: it wasn't, and somewhere
 * as many in a row could be judged, so that it would have shown.
 */
export function judgeGuard(record: GuardRecord): GuardJudgement {
  const { guard, comparison, threshold, periods, minimumSamples = 0, points, wentOff = false } = record;
  const values = points.map(({ value, samples = minimumSamples }) =>
    value !== null && Number.isFinite(value) && samples !== null && samples >= minimumSamples ? value : null,
  );
  const judged = values.filter((value) => value !== null);
  const beyond = values.map((value) => value !== null && BEYOND[comparison](value, threshold));
  const inARow = (flags: readonly boolean[]) =>
    flags.some((_, end) => end + 1 >= periods && flags.slice(end + 1 - periods, end + 1).every(Boolean));
  const enough = inARow(values.map((value) => value !== null));
  const upwards = comparison.startsWith('Greater');
  const counted = points.flatMap(({ samples = null }) => samples ?? []);
  return {
    guard,
    verdict: wentOff || inARow(beyond) ? 'tripped' : enough ? 'healthy' : 'inconclusive',
    judged: judged.length,
    periods: points.length,
    worst: judged.length === 0 ? null : judged.reduce((a, b) => (upwards ? Math.max(a, b) : Math.min(a, b))),
    samples: counted.length === 0 ? null : Math.max(...counted),
  };
}

const BEYOND: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};
