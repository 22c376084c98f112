import { Batcher } from '../batching/batcher';
import type { ServerMetrics } from '../metrics/server-metrics';
import type { Model } from '../model/onnx-model';
import type { Prediction } from '../model/prediction';
import type { ReadTableOptions } from '../rows/read-table';
import type { Table } from '../rows/table';
import type { Settings } from '../settings';

/** A model with its queue: what every protocol predicts by. */
export interface Predictor {
  readonly model: Model;
  readonly readOptions: ReadTableOptions;
  predict(table: Table, abandoned?: () => boolean): Promise<Prediction>;
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
    predict: (table, abandoned) => batcher.predict(table, abandoned),
  };
}
