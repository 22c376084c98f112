import { setTimeout as delay } from 'node:timers/promises';
import type { Model } from '../model/onnx-model';
import { joinPredictions, type Prediction, slicePrediction } from '../model/prediction';
import { joinParts, type Part, type Table } from '../rows/table';

export interface BatcherProps {
  readonly model: Pick<Model, 'columns' | 'predict'>;
  /** Rows that are predicted in one go, at most. */
  readonly mostRows: number;
  /** How long the first request of a batch waits for others, at most. @default 0: for those that are there already */
  readonly waitMs?: number;
  /** Told of each batch: its rows and how long the model took. */
  readonly onBatch?: (rows: number, seconds: number) => void;
  /** Told how long a request waited for its turn. */
  readonly onWaited?: (seconds: number) => void;
}

interface Waiting {
  readonly table: Table;
  readonly since: number;
  /** Rows that were taken into a batch already. */
  taken: number;
  readonly done: Prediction[];
  readonly abandoned: () => boolean;
  readonly resolve: (prediction: Prediction) => void;
  readonly reject: (error: unknown) => void;
}

/** A request whose client went away before its turn came. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
}

/**
 * Predicts rows of several requests in one call of the model: a call has a price of its own, some ten times that of a
 * row. While the model works requests gather, so batches grow with the load and an idle server answers at once. A
 * large request is cut up, so that small ones and probes get their turn in between.
 */
export class Batcher {
  private readonly queue: Waiting[] = [];
  private working = false;

  constructor(private readonly props: BatcherProps) {}

  /**
   * @param abandoned asked before its turn: true drops the request
   * @throws whatever the model throws of these rows, and of no other request's
   */
  predict(table: Table, abandoned: () => boolean = () => false): Promise<Prediction> {
    return new Promise((resolve, reject) => {
      this.queue.push({ table, since: performance.now(), taken: 0, done: [], abandoned, resolve, reject });
      if (!this.working) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.working = true;
    const { waitMs = 0 } = this.props;
    await (waitMs > 0 ? delay(waitMs) : turnOfLoop());
    while (this.queue.length > 0) {
      const parts = this.nextParts();
      if (parts.length > 0) await this.run(parts);
      await turnOfLoop();
    }
    this.working = false;
  }

  /** The next rows in the order of their arrival; requests wait on in the queue until all their rows are taken. */
  private nextParts(): (Part & { readonly waiting: Waiting })[] {
    const parts: (Part & { readonly waiting: Waiting })[] = [];
    let room = this.props.mostRows;
    while (room > 0) {
      const waiting = this.queue[0];
      if (!waiting) break;
      const { table, taken: from } = waiting;
      if (waiting.abandoned()) {
        this.queue.shift();
        waiting.reject(new AbandonedError('the client went away'));
        continue;
      }
      // Only once the batch before is done with: a large request is over several, others between them.
      if (from === 0) this.props.onWaited?.((performance.now() - waiting.since) / 1000);
      const to = Math.min(table.rows, from + room);
      parts.push({ table, from, to, waiting });
      waiting.taken = to;
      room -= to - from;
      this.queue.shift();
      if (to < table.rows) {
        this.queue.push(waiting);
        break;
      }
    }
    return parts;
  }

  private async run(parts: readonly (Part & { readonly waiting: Waiting })[]): Promise<void> {
    try {
      const start = performance.now();
      const joined = joinParts(this.props.model.columns, parts);
      const prediction = await this.props.model.predict(joined);
      this.props.onBatch?.(joined.rows, (performance.now() - start) / 1000);
      let at = 0;
      for (const { from, to, waiting } of parts) {
        this.deliver(waiting, slicePrediction(prediction, at, at + to - from));
        at += to - from;
      }
    } catch (error) {
      if (parts.length > 1) for (const part of parts) await this.run([part]);
      else {
        const { waiting } = parts[0] as (typeof parts)[number];
        const at = this.queue.indexOf(waiting);
        if (at >= 0) this.queue.splice(at, 1);
        waiting.reject(error);
      }
    }
  }

  private deliver(waiting: Waiting, prediction: Prediction): void {
    waiting.done.push(prediction);
    const rows = waiting.done.reduce((sum, part) => sum + part.rows, 0);
    if (rows === waiting.table.rows) waiting.resolve(joinPredictions(waiting.done));
  }
}

/** After what has arrived by now is parsed, so that it can be in the batch. */
function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
