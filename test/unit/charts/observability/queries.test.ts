import { activeGuards } from '../../../../charts/observability/guards';
import { errorRatio, guardQuery, requestRate } from '../../../../charts/observability/queries';
import type { RuntimeName } from '../../../../config/kubernetes/runtimes';
import { type Case, served } from '../served';

const guards = { errorRatePercent: 1, p99LatencyMs: 200, clientErrorRatePercent: 5, p50LatencyMs: null };
function behind(runtime: RuntimeName, choice: Case = {}) {
  return served({
    kubernetes: { runtime },
    rollout: { kind: 'blueGreen', guards },
    plane: { unwatchedGuards: ['p99LatencyMs', 'clientErrorRatePercent'] },
    ...choice,
  });
}
const WHERE = 'namespace="dev", app_kubernetes_io_name="churn"';

describe('queries', () => {
  test('have the microseconds of TensorFlow Serving as milliseconds', () => {
    expect(guardQuery(behind('tensorflow-serving'), 'p99LatencyMs')).toContain(
      `0.001 * histogram_quantile(0.99, sum by (le) (rate(:tensorflow:serving:request_latency_bucket{${WHERE}}[1m])))`,
    );
  });

  test("take TensorFlow Serving's codes for what its REST API makes of them", () => {
    const model = behind('tensorflow-serving');
    expect(errorRatio(model, 'serverErrors', '5m')).toContain('|INTERNAL|UNAVAILABLE|DATA_LOSS"}[5m]');
    expect(errorRatio(model, 'clientErrors', '5m')).toContain('status!~"OK|UNKNOWN|');
  });

  test('add up the counters of Triton, of which one is missing while nothing fails', () => {
    expect(requestRate(behind('triton'), '5m')).toBe(
      `sum(label_replace(rate(nv_inference_request_success{${WHERE}}[5m]), "counter", "0", "", "") or label_replace(rate(nv_inference_request_failure{${WHERE}}[5m]), "counter", "1", "", ""))`,
    );
    expect(guardQuery(behind('triton'), 'errorRatePercent')).toContain(
      `(sum(rate(nv_inference_request_failure{${WHERE}, reason!="CANCELED"}[1m])) or vector(0))`,
    );
  });

  test('count predictions by either protocol of the Python servers, and not their probes', () => {
    expect(requestRate(behind('django'), '5m')).toBe(
      `sum(rate(http_requests_total{${WHERE}, handler=~"/invocations|/v2/models/.+/infer"}[5m]))`,
    );
  });

  test.each(['triton', 'torchserve'] as const)('of %s leave out the guards that it has no metric for', (runtime) => {
    const model = behind(runtime);
    expect(activeGuards(model)).toEqual([{ guard: 'errorRatePercent', limit: 1 }]);
    expect(() => guardQuery(model, 'p99LatencyMs')).toThrow(`got latency of ${runtime}`);
    expect(() => guardQuery(model, 'clientErrorRatePercent')).toThrow(`got clientErrors of ${runtime}`);
  });

  test('ask a server all guards that it measures, even where others may go unwatched', () => {
    expect(activeGuards(behind('mlserver')).map(({ guard }) => guard)).toEqual([
      'errorRatePercent',
      'clientErrorRatePercent',
      'p99LatencyMs',
    ]);
  });
});
