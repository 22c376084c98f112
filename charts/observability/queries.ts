import type { KubernetesGuard } from '../../config/kubernetes/watched-guards';
import { MODEL_LABEL, prometheusLabel } from '../labels';
import type { ServedModel } from '../served-model';
import { RUNTIMES } from '../server/runtimes';

/** A label that narrows a query to one version: name and value. */
export type Version = readonly [label: string, value: string];

/** The series of a model's predictions. @param more matchers such as `status=~"5.."` */
function series(model: ServedModel, metric: string, version: Version | undefined, ...more: readonly string[]): string {
  const { predictions } = RUNTIMES[model.settings.runtime].metrics;
  const labels = {
    namespace: model.namespace,
    [prometheusLabel(MODEL_LABEL)]: model.name,
    ...(version ? { [prometheusLabel(version[0])]: version[1] } : {}),
    ...predictions,
  };
  const matchers = [...Object.entries(labels).map(([label, value]) => `${label}="${value}"`), ...more];
  return `${metric}{${matchers.join(', ')}}`;
}

function counter(model: ServedModel, version?: Version, status?: string): string {
  const { requests, statusLabel } = RUNTIMES[model.settings.runtime].metrics;
  return series(model, requests, version, ...(status ? [`${statusLabel}=~"${status}"`] : []));
}

/** Predictions a second. @param window as Prometheus writes it, such as `5m` */
export function requestRate(model: ServedModel, window: string, version?: Version): string {
  return `sum(rate(${counter(model, version)}[${window}]))`;
}

/** Share of answers with such a status, 0 to 1: 0 while there are only others, and nothing while there are none. */
export function statusRatio(model: ServedModel, status: string, window: string, version?: Version): string {
  // A server that never failed has no series of failures.
  return `(sum(rate(${counter(model, version, status)}[${window}])) or vector(0)) / ${requestRate(model, window, version)}`;
}

function latencyMs(model: ServedModel, quantile: number, window: string, version?: Version): string {
  const { latency, latencyUnitMs } = RUNTIMES[model.settings.runtime].metrics;
  const buckets = series(model, `${latency}_bucket`, version);
  return `${latencyUnitMs} * histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[${window}])))`;
}

/** Guards as queries, in the unit of the guard: one library for every server. */
const VALUES: Readonly<Record<KubernetesGuard, (model: ServedModel, window: string, version?: Version) => string>> = {
  errorRatePercent: (model, window, version) => `100 * ${statusRatio(model, '5..', window, version)}`,
  clientErrorRatePercent: (model, window, version) => `100 * ${statusRatio(model, '4..', window, version)}`,
  p50LatencyMs: (model, window, version) => latencyMs(model, 0.5, window, version),
  p99LatencyMs: (model, window, version) => latencyMs(model, 0.99, window, version),
};

/** Over how long a guard looks: as long as CloudWatch's alarms do. */
export const GUARD_WINDOW = '1m';

/** Whether a version answered enough requests in a minute to be judged by. */
export function enoughRequests(model: ServedModel, version?: Version): string {
  const { minimumRequests } = model.spec.rollout.guards;
  return `sum(increase(${counter(model, version)}[${GUARD_WINDOW}])) >= ${minimumRequests}`;
}

/** A guard's value for a version, and no value while too few requests were answered. */
export function guardQuery(model: ServedModel, guard: KubernetesGuard, version?: Version): string {
  return `(${VALUES[guard](model, GUARD_WINDOW, version)}) and on() (${enoughRequests(model, version)})`;
}
