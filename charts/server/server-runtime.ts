import type { ServedModel } from '../served-model';

/** Names of a server's metrics, so that one query serves all of them. */
export interface ServerMetrics {
  readonly path: string;
  /** Counter of answers. */
  readonly requests: string;
  /** Its label with the HTTP status. */
  readonly statusLabel: string;
  /** Histogram of how long answers took, without `_bucket`. */
  readonly latency: string;
  /** Milliseconds in one unit of the histogram. */
  readonly latencyUnitMs: number;
  /** Labels of predictions only: probes are not what a release is judged by. */
  readonly predictions: Readonly<Record<string, string>>;
}

/** A program that answers requests for a model. */
export interface ServerRuntime {
  readonly port: number;
  /** Answers 200 once the model is loaded, and not before. */
  readonly readyPath: string;
  /** Where the files of the model are expected. */
  readonly modelPath: string;
  readonly command: readonly string[];
  readonly metrics: ServerMetrics;
  readonly environment: (model: ServedModel) => Readonly<Record<string, string>>;
}
