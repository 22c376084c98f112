import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { TalliedHistogram, type Tally } from './tallied-histogram';

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

interface Answers {
  readonly labels: { readonly handler: string; readonly method: string; readonly status: number };
  count: number;
}

/**
 * What Prometheus reads of the model server. Requests by the names of the Python server, so that one query watches both.
 */
export class ServerMetrics {
  /** Answers that the counter wasn't told of yet, by its labels. */
  private readonly answers = new Map<string, Answers>();
  private readonly durations: TalliedHistogram;
  /** By handler, as they come. */
  private readonly durationsOf = new Map<string, Tally>();
  private readonly stages: Readonly<Record<Stage, Tally>>;
  private readonly batches: Tally;
  private readonly refusals: Counter;
  private readonly unknown: Counter;
  private readonly handlers: ReadonlySet<string>;

  /** @param pending how many requests are under way @param modelName in the Open Inference Protocol */
  constructor(registry: Registry, pending: () => number = () => 0, modelName = 'model') {
    this.handlers = new Set([...HANDLERS, inferHandler(modelName)]);
    const registers = [registry];
    const requests: Counter = new Counter({
      name: 'http_requests_total',
      help: 'Answers.',
      labelNames: ['handler', 'method', 'status'],
      registers,
      collect: () => {
        for (const { labels, count } of this.answers.values()) requests.inc(labels, count);
        this.answers.clear();
      },
    });
    // From the start, so that no traffic reads as 0 and not as no data.
    requests.inc({ handler: '/invocations', method: 'POST', status: 200 }, 0);
    this.durations = new TalliedHistogram({
      name: 'http_request_duration_seconds',
      help: "From a request's headers to the end of its answer.",
      bounds: BOUNDS,
      registry,
    });
    this.durationOf('/invocations');
    const stages = new TalliedHistogram({
      name: 'model_server_stage_duration_seconds',
      help: 'Parts of answering a prediction: receive, read, wait, predict (a batch), write.',
      bounds: STAGE_BOUNDS,
      registry,
    });
    this.stages = Object.fromEntries(STAGES.map((stage) => [stage, stages.tally({ stage })])) as Record<Stage, Tally>;
    this.batches = new TalliedHistogram({
      name: 'model_server_batch_rows',
      help: 'Rows that the model predicted in one go.',
      bounds: BATCH_BOUNDS,
      registry,
    }).tally({});
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
    this.durationOf(handler).observe(seconds);
    const told = METHODS.has(method) ? method : OTHER;
    const key = `${status} ${told} ${handler}`;
    const known = this.answers.get(key);
    if (known) known.count += 1;
    else this.answers.set(key, { labels: { handler, method: told, status }, count: 1 });
  }

  observeStage(stage: Stage, seconds: number): void {
    this.stages[stage].observe(seconds);
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

  private durationOf(handler: string): Tally {
    const known = this.durationsOf.get(handler);
    if (known) return known;
    const tally = this.durations.tally({ handler });
    this.durationsOf.set(handler, tally);
    return tally;
  }
}
