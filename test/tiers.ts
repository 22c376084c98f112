/** What `npm test` runs. */
export const TIERS = ['types', 'lint', 'policy', 'python', 'local', 'unit'] as const;
/** Only where it is asked for: they need a browser on the machine, some minutes of it alone, Go, or 5 GB. */
export const EXTRA_TIERS = ['browser', 'rehearsal', 'kubernetes', 'pytorch'] as const;
export type Tier = (typeof TIERS)[number] | (typeof EXTRA_TIERS)[number];

/** Waits for programs more than it works: it runs beside the others, which take the time that it leaves. */
export const BESIDE: readonly Tier[] = ['local'];
/** Their tests take times, or want the machine: they begin when nothing else runs. */
export const ALONE: readonly Tier[] = ['unit', ...EXTRA_TIERS];
/**
 * Of {@link ALONE}, two that wait for clocks and processes most of their time. Where both are asked for, the first runs beside
 * the second as soon as it has built what it needs.
 */
export const PAIR: readonly [Tier, Tier] = ['kubernetes', 'rehearsal'];

/** Numbers of tests. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What one tier gave. */
export interface TierRecord extends Count {
  readonly tier: string;
  /** Seconds after the start of the run. Tiers overlap: see {@link BESIDE}. */
  readonly began: number;
  /** Wall time. */
  readonly seconds: number;
}

/** In the folder of results, `.mlops/test`: the tiers of the last run, an array of {@link TierRecord}. */
export const TIERS_FILE = 'tiers.json';

/** Wall time in which at least one of the tiers ran, in seconds. */
export function wallSeconds(records: readonly TierRecord[]): number {
  let sum = 0;
  let until = 0;
  for (const { began, seconds } of records.toSorted((a, b) => a.began - b.began)) {
    sum += Math.max(0, began + seconds - Math.max(began, until));
    until = Math.max(until, began + seconds);
  }
  return sum;
}
