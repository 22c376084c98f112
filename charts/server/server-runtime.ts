import type { ServedModel } from '../served-model';

/** A metric of Prometheus, and what narrows it down, such as `status=~"5.."`. */
export interface Series {
  readonly metric: string;
  /** @default - all of it */
  readonly matchers?: readonly string[];
}

/** Names of a server's metrics, so that one query serves all of them. Probes are not what a release is judged by. */
export interface ServerMetrics {
  readonly path: string;
  /** Counters that together have each answer to a prediction once. */
  readonly answers: readonly Series[];
  /** Those of them that are the server's fault. */
  readonly serverErrors: readonly Series[];
  /** Those of them that are the caller's fault. @default - nobody knows, see config/kubernetes/runtimes.ts */
  readonly clientErrors?: readonly Series[];
  /** Histogram of how long answers took, without `_bucket`. @default - there is none, see config/kubernetes/runtimes.ts */
  readonly latency?: Series & {
    /** Milliseconds in one unit of the histogram. */
    readonly unitMs: number;
  };
}

/** A program that answers requests for a model. */
export interface ServerRuntime {
  readonly title: string;
  /** What it speaks, for people. */
  readonly protocols: string;
  /** Only `http` is open to callers, and only `metrics` to Prometheus besides. */
  readonly ports: {
    readonly http: number;
    /** @default - that of `http` */
    readonly metrics?: number;
  };
  /** Where it answers over gRPC too, for a model that asks for it. @default - it doesn't */
  readonly grpcPort?: number;
  /** Paths that predictions are asked of: what a gateway lets in. */
  readonly publicPaths: (model: string) => readonly string[];
  /** Answers 200 once the model is loaded, and not before. */
  readonly readyPath: (model: string) => string;
  /** Answers 200 for as long as the process is well. @default - readyPath */
  readonly livePath?: (model: string) => string;
  /** Where the files of the model are expected: what lies at the root of the artefact lies here. */
  readonly modelPath: (model: string) => string;
  /** What that root holds, for people. */
  readonly artefact: string;
  readonly command: readonly string[];
  /** @default - none */
  readonly args?: (model: ServedModel) => readonly string[];
  /** Where it writes what it writes beside itself. @default - the image's */
  readonly workingDirectory?: string;
  readonly environment: (model: ServedModel) => Readonly<Record<string, string>>;
  /** Text by file name, in {@link CONFIG_PATH}. @default - none */
  readonly configFiles?: (model: ServedModel) => Readonly<Record<string, string>>;
  readonly metrics: ServerMetrics;
  /** What is known by having run it, for people. */
  readonly proof: string;
  /** What somebody who chooses it must know. @default - nothing */
  readonly caution?: string;
}

/** Folder of the files that a runtime is configured by. */
export const CONFIG_PATH = '/etc/model-server';
