import { Batcher } from '../batching/batcher';
import type { ServerMetrics } from '../metrics/server-metrics';
import type { Model } from '../model/onnx-model';
import type { Prediction } from '../model/prediction';
import type { ReadTableOptions } from '../rows/read-table';
import type { Table } from '../rows/table';
import type { Settings } from '../settings';

/** How a request becomes an answer. */
export interface Work<T> {
  /** @throws InvalidInputError for rows that the model can't take */
  readonly read: () => Table | Promise<Table>;
  readonly write: (prediction: Prediction) => T;
  /** Asked before the model is: true drops the request. */
  readonly abandoned: () => boolean;
}

/** A model with its queue: what every protocol predicts by. */
export interface Predictor {
  readonly model: Model;
  readonly readOptions: ReadTableOptions;
  /** Reads, predicts and writes, and tells the metrics how long each took. */
  answer<T>(work: Work<T>): Promise<T>;
}

export function predictor(
  model: Model,
  settings: Pick<Settings, 'batchRows' | 'batchWaitMs' | 'unknownCategories'>,
  metrics: ServerMetrics,
): Predictor {
  const batcher = new Batcher({
    model,
    mostRows: settings.batchRows,
    waitMs: settings.batchWaitMs,
    onBatch: (rows, seconds) => metrics.observeBatch(rows, seconds),
    onWaited: (seconds) => metrics.observeStage('wait', seconds),
  });
  return {
    model,
    readOptions: {
      refuseUnknown: settings.unknownCategories === 'refuse',
      onUnknown: (column) => metrics.countUnknown(column),
    },
    answer: async ({ read, write, abandoned }) => {
      const start = performance.now();
      const found = read();
      const table = found instanceof Promise ? await found : found;
      metrics.observeStage('read', (performance.now() - start) / 1000);
      const prediction = await batcher.predict(table, abandoned);
      const predicted = performance.now();
      const answer = write(prediction);
      metrics.observeStage('write', (performance.now() - predicted) / 1000);
      return answer;
    },
  };
}
