/** Figures of one measurement, a place a round. */
export interface Runs {
  readonly perSecond: readonly number[];
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  readonly failed: readonly number[];
  /** Microseconds of a processor that the server used for an answer; empty where the machine doesn't say. */
  readonly processorUs: readonly number[];
}

/** What was found of one server. */
export interface ServerResult {
  readonly id: string;
  readonly title: string;
  readonly versions: string;
  /** False for a bare echo. */
  readonly predicts: boolean;
  /** From process start to ready, a place a round. */
  readonly startSeconds: readonly number[];
  /** The most while it was under load, a place a round; empty where the machine doesn't say. */
  readonly memoryMb: readonly number[];
  /** By {@link setting}. */
  readonly runs: Readonly<Record<string, Runs>>;
}

export interface BenchResults {
  readonly rounds: number;
  readonly seconds: number;
  /** Ours first. */
  readonly servers: readonly ServerResult[];
  /** Calls of onnxruntime a second by rows of a call, a place a round. */
  readonly loop: Readonly<Record<string, readonly number[]>>;
}

export const ROW_COUNTS = [1, 100] as const;
export const CONNECTIONS = [1, 32, 256] as const;

export function setting(rows: number, connections: number): string {
  return `${rows}x${connections}`;
}
