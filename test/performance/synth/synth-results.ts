import type { SynthFigures } from './figures';

/** How many models; each in all environments. */
export const SIZES = [1, 10, 100] as const;

/** Of one app, a place a round. */
export type SynthRuns = readonly SynthFigures[];

export interface SizeResult {
  readonly models: number;
  readonly stacks: number;
  readonly resources: number;
  /** With the CDK's validation of templates, as it is by default, and without. */
  readonly validated: { readonly ours: SynthRuns; readonly bare: SynthRuns };
  readonly unvalidated: { readonly ours: SynthRuns; readonly bare: SynthRuns };
}

export interface SynthResults {
  readonly rounds: number;
  readonly sizes: readonly SizeResult[];
}

/** The largest takes a minute, and varies the less. */
export function roundsOf(models: number, rounds: number): number {
  return models < 100 ? rounds : Math.max(1, Math.floor(rounds / 3));
}
