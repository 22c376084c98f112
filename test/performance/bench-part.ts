import type { BenchPlace } from './measure/bench-place';

/** A part of `npm run bench`. */
export interface BenchPart {
  /** What it measures against what, in a line. */
  readonly summary: string;
  /** Its options, each with what it does; `--help` prints them. */
  readonly options: readonly (readonly [option: string, meaning: string])[];
  /** @throws InvalidInputError for illegal options */
  readonly run: (args: readonly string[], place: BenchPlace) => Promise<void>;
  /** Ends what it started, at once: the process is about to exit. @default - it starts nothing */
  readonly end?: () => void;
}
