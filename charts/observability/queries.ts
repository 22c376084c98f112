import type { KubernetesGuard } from '../../config/kubernetes/watched-guards';
import { InvalidInputError } from '../../core/invalid-input-error';
import { modelLabel, prometheusLabel, RELEASE_LABEL } from '../labels';
import type { ServedModel } from '../served-model';
import { RUNTIMES } from '../server/runtimes';
import type { Series } from '../server/server-runtime';

/** A label that narrows a query to one version: name and value. */
export type Version = readonly [label: string, value: string];

const BY_RELEASE = prometheusLabel(RELEASE_LABEL);

/** Some series of a model's, as a query names them. */
function selector(
  { namespace, name, plane }: ServedModel,
  { metric, matchers = [] }: Series,
  version?: Version,
): string {
  const labels = {
    namespace,
    [prometheusLabel(modelLabel(plane.engine))]: name,
    ...(version ? { [prometheusLabel(version[0])]: version[1] } : {}),
  };
  const all = [...Object.entries(labels).map(([label, value]) => `${label}="${value}"`), ...matchers];
  return `${metric}{${all.join(', ')}}`;
}

/**
 * Pods whose metrics Prometheus reads. Answers are another question: before the first one TensorFlow Serving, TorchServe and
 * MLServer have no series of them (https://github.com/pytorch/serve/issues/732).
 */
export function scraped(model: ServedModel): string {
  return `${selector(model, { metric: 'up' })} == 1`;
}

/** Several counters as one. There is no value while none of them exists. @param over such as `rate` */
function sum(model: ServedModel, over: string, counters: readonly Series[], window: string, version?: Version): string {
  return `sum(${union(model, over, counters, window, version)})`;
}

function union(
  model: ServedModel,
  over: string,
  counters: readonly Series[],
  window: string,
  version?: Version,
): string {
  const each = counters.map((series) => `${over}(${selector(model, series, version)}[${window}])`);
  if (each.length === 1) return String(each[0]);
  // Series of two metrics may have the same labels, and `or` would drop those of the second.
  return each.map((query, index) => `label_replace(${query}, "counter", "${index}", "", "")`).join(' or ');
}

/** Predictions a second of each release that answers any. */
export function requestRateByRelease(model: ServedModel, window: string): string {
  return `sum by (${BY_RELEASE}) (${union(model, 'rate', metricsOf(model).answers, window)})`;
}

/** A guard's value of each release, whatever the number of its requests: for people, who see that too. */
export function guardByRelease(model: ServedModel, guard: KubernetesGuard, window: string): string {
  const { serverErrors, clientErrors, latency } = metricsOf(model);
  if (guard === 'p50LatencyMs' || guard === 'p99LatencyMs') {
    if (!latency) throw notMeasured(model, 'latency');
    const buckets = selector(model, { ...latency, metric: `${latency.metric}_bucket` });
    const quantile = guard === 'p50LatencyMs' ? 0.5 : 0.99;
    return `${latency.unitMs} * histogram_quantile(${quantile}, sum by (le, ${BY_RELEASE}) (rate(${buckets}[${window}])))`;
  }
  const errors = guard === 'errorRatePercent' ? serverErrors : clientErrors;
  if (!errors) throw notMeasured(model, guard);
  const all = requestRateByRelease(model, window);
  // A release that never failed has no series of failures.
  return `100 * (sum by (${BY_RELEASE}) (${union(model, 'rate', errors, window)}) or 0 * ${all}) / ${all}`;
}

const metricsOf = ({ settings }: ServedModel) => RUNTIMES[settings.runtime].metrics;

/** Predictions a second. @param window as Prometheus writes it, such as `5m` */
export function requestRate(model: ServedModel, window: string, version?: Version): string {
  return sum(model, 'rate', metricsOf(model).answers, window, version);
}

/** Share of answers that are errors, 0 to 1: 0 while there are only others, and nothing while there are none. */
export function errorRatio(
  model: ServedModel,
  fault: 'serverErrors' | 'clientErrors',
  window: string,
  version?: Version,
): string {
  const errors = metricsOf(model)[fault];
  if (!errors) throw notMeasured(model, fault);
  // A server that never failed has no series of failures.
  return `(${sum(model, 'rate', errors, window, version)} or vector(0)) / ${requestRate(model, window, version)}`;
}

/** How long answers took. @param quantile 0 to 1 */
function latencyMs(model: ServedModel, quantile: number, window: string, version?: Version): string {
  const { latency } = metricsOf(model);
  if (!latency) throw notMeasured(model, 'latency');
  const buckets = selector(model, { ...latency, metric: `${latency.metric}_bucket` }, version);
  return `${latency.unitMs} * histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[${window}])))`;
}

function notMeasured({ name, settings }: ServedModel, what: string): InvalidInputError {
  return new InvalidInputError(
    `model ${name}`,
    `asks for a metric that its server doesn't have, got ${what} of ${settings.runtime}`,
    'parse the config by config/schema.ts, which says what to do',
  );
}

/** Guards as queries, in the unit of the guard: one library for every server. */
const VALUES: Readonly<Record<KubernetesGuard, (model: ServedModel, window: string, version?: Version) => string>> = {
  errorRatePercent: (model, window, version) => `100 * ${errorRatio(model, 'serverErrors', window, version)}`,
  clientErrorRatePercent: (model, window, version) => `100 * ${errorRatio(model, 'clientErrors', window, version)}`,
  p50LatencyMs: (model, window, version) => latencyMs(model, 0.5, window, version),
  p99LatencyMs: (model, window, version) => latencyMs(model, 0.99, window, version),
};

/** Over how long a guard looks: as long as CloudWatch's alarms do. */
export const GUARD_WINDOW = '1m';

/** Whether a version answered enough requests in a minute to be judged by. */
export function enoughRequests(model: ServedModel, version?: Version): string {
  const { minimumRequests } = model.spec.rollout.guards;
  return `${sum(model, 'increase', metricsOf(model).answers, GUARD_WINDOW, version)} >= ${minimumRequests}`;
}

/** A guard's value for a version, and no value while too few requests were answered. */
export function guardQuery(model: ServedModel, guard: KubernetesGuard, version?: Version): string {
  return `(${VALUES[guard](model, GUARD_WINDOW, version)}) and on() (${enoughRequests(model, version)})`;
}
