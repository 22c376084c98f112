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
  /** Rows that are predicted. */
  predicted: number;
  /** Parts of a request that is cut up, by the first row of each: one whose batch failed comes after those behind it. */
  done?: Map<number, Prediction>;
  readonly abandoned: () => boolean;
  readonly resolve: (prediction: Prediction) => void;
  readonly reject: (error: unknown) => void;
}

/** Rows of a request that are predicted together. */
interface WaitingPart extends Part {
  readonly waiting: Waiting;
}

const GONE = 'the client went away';

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
  /** Parts of batches that failed: each is tried alone, one after each batch, so that the others don't wait for all. */
  private readonly suspects: WaitingPart[] = [];
  private working = false;

  constructor(private readonly props: BatcherProps) {}

  /**
   * @param abandoned asked before its turn: true drops the request
   * @throws whatever the model throws of these rows, and of no other request's
   */
  predict(table: Table, abandoned: () => boolean = () => false): Promise<Prediction> {
    return new Promise((resolve, reject) => {
      this.queue.push({
        table,
        since: performance.now(),
        taken: 0,
        predicted: 0,
        abandoned,
        resolve,
        reject,
      });
      if (!this.working) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.working = true;
    const { waitMs = 0 } = this.props;
    await (waitMs > 0 ? delay(waitMs) : turnOfLoop());
    while (this.queue.length > 0 || this.suspects.length > 0) {
      const parts = this.nextParts();
      if (parts.length > 0) await this.run(parts);
      const suspect = this.suspects.shift();
      if (suspect?.waiting.abandoned()) this.refuse(suspect.waiting, new AbandonedError(GONE));
      else if (suspect) await this.run([suspect]);
      await turnOfLoop();
    }
    this.working = false;
  }

  /** The next rows in the order of their arrival; requests wait on in the queue until all their rows are taken. */
  private nextParts(): WaitingPart[] {
    const parts: WaitingPart[] = [];
    let room = this.props.mostRows;
    while (room > 0) {
      const waiting = this.queue[0];
      if (!waiting) break;
      const { table, taken: from } = waiting;
      if (waiting.abandoned()) {
        this.refuse(waiting, new AbandonedError(GONE));
        continue;
      }
      // One that fits into the next batch isn't cut up: its second half would wait behind all others.
      if (from === 0 && parts.length > 0 && table.rows > room && table.rows <= this.props.mostRows) break;
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

  private async run(parts: readonly WaitingPart[]): Promise<void> {
    try {
      const start = performance.now();
      const joined = joinParts(this.props.model.columns, parts);
      const prediction = await this.props.model.predict(joined);
      this.props.onBatch?.(joined.rows, (performance.now() - start) / 1000);
      let at = 0;
      for (const part of parts) {
        const rows = part.to - part.from;
        deliver(part, slicePrediction(prediction, at, at + rows));
        at += rows;
      }
    } catch (error) {
      if (parts.length > 1) this.suspects.push(...parts);
      else if (parts[0]) this.refuse(parts[0].waiting, error);
    }
  }

  /** With all its rows, wherever they are. */
  private refuse(waiting: Waiting, error: unknown): void {
    const at = this.queue.indexOf(waiting);
    if (at >= 0) this.queue.splice(at, 1);
    const others = this.suspects.filter((one) => one.waiting !== waiting);
    this.suspects.splice(0, Infinity, ...others);
    waiting.reject(error);
  }
}

function deliver({ from, to, waiting }: WaitingPart, prediction: Prediction): void {
  const rows = to - from;
  if (rows === waiting.table.rows) return waiting.resolve(prediction);
  waiting.done ??= new Map();
  waiting.done.set(from, prediction);
  waiting.predicted += rows;
  if (waiting.predicted < waiting.table.rows) return;
  const inOrder = [...waiting.done].sort(([a], [b]) => a - b);
  waiting.resolve(joinPredictions(inOrder.map(([, part]) => part)));
}

/** After what has arrived by now is parsed, so that it can be in the batch. */
function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
