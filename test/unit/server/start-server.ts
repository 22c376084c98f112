import { Registry } from 'prom-client';
import { Admission, type AdmissionProps } from '../../../server/http/admission';
import { Drain } from '../../../server/http/drain';
import { modelApp } from '../../../server/http/model-app';
import { predictor } from '../../../server/http/predictor';
import { type Exposition, ownExposition } from '../../../server/metrics/exposition';
import { ServerMetrics } from '../../../server/metrics/server-metrics';
import type { Model } from '../../../server/model/onnx-model';
import type { Table } from '../../../server/rows/table';
import { MEGABYTE, parseSettings, type Settings } from '../../../server/settings';

/** probability = hour / 23, label = hour above 11; predictions wait for `release` where `hold` is set. */
export class FakeModel implements Model {
  readonly sha256 = 'ab'.repeat(32);
  readonly columns: Model['columns'] = [
    { name: 'carrier', kind: 'category', type: 'string', required: true, categories: new Set(['AA']) },
    { name: 'hour', kind: 'number', type: 'float64', required: true, minimum: 0, maximum: 23 },
    { name: 'temp', kind: 'number', type: 'float64', required: false },
  ];
  readonly outputs: Model['outputs'] = [
    { name: 'probability', type: 'float64', width: 1 },
    { name: 'label', type: 'int64', width: 1 },
  ];
  fault?: Error;
  held?: Promise<void>;
  predicted = 0;
  /** Times. */
  asked = 0;

  async predict({ rows, columns }: Table) {
    this.asked += 1;
    await this.held;
    if (this.fault) throw this.fault;
    this.predicted += rows;
    const hours = columns[1] as Float64Array;
    const cells = [hours.map((hour) => hour / 23), BigInt64Array.from(hours, (hour) => (hour > 11 ? 1n : 0n))];
    return { rows, outputs: this.outputs.map((output, index) => ({ ...output, cells: cells[index] as Float64Array })) };
  }
}

export interface StartOptions {
  readonly settings?: Partial<Settings>;
  readonly admission?: Partial<AdmissionProps>;
  /** @default - of the app's own process */
  readonly exposition?: () => Promise<Exposition>;
}

/** The app without a model file; `log` holds what it logged. */
export function startApp({ settings: changed = {}, admission: limits = {}, exposition }: StartOptions = {}) {
  const model = new FakeModel();
  const log: string[] = [];
  const settings: Settings = { ...parseSettings({ SAGEMAKER_BASE_DIR: '/nowhere' }, { cores: 1 }), ...changed };
  const registry = new Registry();
  const admission = new Admission({ mostRequests: 100, mostBytes: 64 * MEGABYTE, ...limits });
  const metrics = new ServerMetrics(registry, () => admission.pending, settings.modelName);
  const drain = new Drain(settings.drainSeconds);
  const parts = { predictor: predictor(model, settings, metrics), settings, metrics, admission, drain };
  const app = modelApp({
    ...parts,
    exposition: exposition ?? ownExposition(registry),
    logTo: { write: (line) => log.push(line) },
  });
  return { app, model, log, admission, drain, parts };
}
