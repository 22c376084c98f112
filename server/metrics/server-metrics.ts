import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';

/** Seconds. SageMaker cuts requests off after 60. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Stages are shorter than requests. */
const STAGE_BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];

/** Paths that are told apart; all others count as one, so that callers can't make series. */
const HANDLERS = ['/ping', '/invocations', '/metrics', '/execution-parameters'];
/** A method that nobody agreed on must not become a new series. */
const METHODS = new Set(['GET', 'POST', 'gRPC']);
const OTHER = 'other';

/** The handler of predictions by the Open Inference Protocol, over gRPC too: what releases are judged by looks for it. */
export function inferHandler(modelName: string): string {
  return `/v2/models/${modelName}/infer`;
}

/** Parts of answering a request: taking the body in, reading rows of it, waiting for a batch, the model, the answer. */
export const STAGES = ['receive', 'read', 'wait', 'predict', 'write'] as const;
export type Stage = (typeof STAGES)[number];

/** Why a request was refused before it was looked at. */
export const REFUSALS = ['requests', 'bytes', 'memory'] as const;
export type Refusal = (typeof REFUSALS)[number];

/**
 * What Prometheus reads of the model server. Requests by the names of the Python server, so that one query watches both.
 */
export class ServerMetrics {
  private readonly requests: Counter;
  private readonly durations: Histogram;
  private readonly stages: ReadonlyMap<Stage, { observe(seconds: number): void }>;
  private readonly batches: Histogram;
  private readonly refusals: Counter;
  private readonly unknown: Counter;
  private readonly handlers: ReadonlySet<string>;

  /** @param pending how many requests are under way @param modelName in the Open Inference Protocol */
  constructor(registry: Registry, pending: () => number = () => 0, modelName = 'model') {
    this.handlers = new Set([...HANDLERS, inferHandler(modelName)]);
    const registers = [registry];
    this.requests = new Counter({
      name: 'http_requests_total',
      help: 'Answers.',
      labelNames: ['handler', 'method', 'status'],
      registers,
    });
    // From the start, so that no traffic reads as 0 and not as no data.
    this.requests.inc({ handler: '/invocations', method: 'POST', status: 200 }, 0);
    this.durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: "From a request's headers to the end of its answer.",
      labelNames: ['handler'],
      buckets: BOUNDS,
      registers,
    });
    this.durations.zero({ handler: '/invocations' });
    const stages = new Histogram({
      name: 'model_server_stage_duration_seconds',
      help: 'Parts of answering a prediction: receive, read, wait, predict (a batch), write.',
      labelNames: ['stage'],
      buckets: STAGE_BOUNDS,
      registers,
    });
    this.stages = new Map(STAGES.map((stage) => [stage, stages.labels(stage)]));
    this.batches = new Histogram({
      name: 'model_server_batch_rows',
      help: 'Rows that the model predicted in one go.',
      buckets: BATCH_BOUNDS,
      registers,
    });
    this.refusals = new Counter({
      name: 'model_server_refused_total',
      help: 'Requests answered by 429, by what there was too much of.',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REFUSALS) this.refusals.inc({ reason }, 0);
    this.unknown = new Counter({
      name: 'model_server_unknown_categories_total',
      help: 'Words in requests that the model never saw in training.',
      labelNames: ['column'],
      registers,
    });
    const gauge: Gauge = new Gauge({
      name: 'model_server_pending_requests',
      help: 'Predictions under way.',
      registers,
      collect: () => gauge.set(pending()),
    });
    collectDefaultMetrics({ register: registry });
  }

  observeAnswer(path: string, method: string, status: number, seconds: number): void {
    const handler = this.handlers.has(path) ? path : OTHER;
    this.requests.inc({ handler, method: METHODS.has(method) ? method : OTHER, status });
    this.durations.observe({ handler }, seconds);
  }

  observeStage(stage: Stage, seconds: number): void {
    this.stages.get(stage)?.observe(seconds);
  }

  observeBatch(rows: number, seconds: number): void {
    this.batches.observe(rows);
    this.observeStage('predict', seconds);
  }

  countRefusal(reason: Refusal): void {
    this.refusals.inc({ reason });
  }

  countUnknown(column: string): void {
    this.unknown.inc({ column });
  }
}
