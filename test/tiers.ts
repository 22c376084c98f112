/** What `npm test` runs, in this order. */
export const TIERS = ['types', 'lint', 'unit', 'policy', 'python', 'local'] as const;
/** Only where it is asked for: they need a browser on the machine, some minutes of it alone, Go, or 5 GB. */
export const EXTRA_TIERS = ['browser', 'rehearsal', 'kubernetes', 'pytorch'] as const;
export type Tier = (typeof TIERS)[number] | (typeof EXTRA_TIERS)[number];

/** What one tier gave. */
export interface TierRecord {
  readonly tier: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Wall time. */
  readonly seconds: number;
}

/** In the folder of results, `.mlops/test`: the tiers of the last run, an array of {@link TierRecord}. */
export const TIERS_FILE = 'tiers.json';
