import type { ServedModel } from '../served-model';
import type { ServerMetrics, ServerRuntime } from './server-runtime';

const PREDICTIONS = 'handler=~"/invocations|/v2/models/.+/infer"';

/** The names that workloads/common/server_metrics.py has, whichever framework answers. */
const METRICS: ServerMetrics = {
  path: '/metrics',
  answers: [{ metric: 'http_requests_total', matchers: [PREDICTIONS] }],
  serverErrors: [{ metric: 'http_requests_total', matchers: [PREDICTIONS, 'status=~"5.."'] }],
  clientErrors: [{ metric: 'http_requests_total', matchers: [PREDICTIONS, 'status=~"4.."'] }],
  latency: { metric: 'http_request_duration_seconds', matchers: [PREDICTIONS], unitMs: 1000 },
};

/** What the servers of workloads/common/servers have in common: all but the framework. */
export const OWN_SERVER = {
  protocols: 'SageMaker `/ping` and `/invocations`, Open Inference Protocol v2',
  ports: { http: 8080 },
  publicPaths: (model: string) => ['/invocations', `/v2/models/${model}/infer`],
  readyPath: (model: string) => `/v2/models/${model}/ready`,
  livePath: () => '/v2/health/live',
  modelPath: () => '/opt/ml/model',
  artefact: 'what a training job leaves in `/opt/ml/model`: `model.json`, `model.joblib`',
  command: ['serve'],
  metrics: METRICS,
  proof:
    'runs in `test/python/workloads/servers`: the same 1,000 answers as the others, 64 connections, an end under load',
} as const satisfies Omit<ServerRuntime, 'title' | 'environment'>;

/** @param server as `MODEL_SERVER` names it. @default - the image's, and our own where it says nothing */
export function ownEnvironment(
  { name, spec, settings }: ServedModel,
  server?: string,
): Readonly<Record<string, string>> {
  const seconds = String(settings.longestRequestSeconds);
  return {
    ...(server ? { MODEL_SERVER: server } : {}),
    MODEL_SERVER_MODEL_NAME: name,
    SAGEMAKER_PROGRAM: `${spec.workload}/serve.py`,
    // Each worker would count for itself, and Prometheus would see one of them. More pods take their place.
    SAGEMAKER_MODEL_SERVER_WORKERS: '1',
    MODEL_SERVER_REQUEST_SECONDS: seconds,
    MODEL_SERVER_DRAIN_SECONDS: seconds,
  };
}
