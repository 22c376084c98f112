import type { ServerRuntime } from './server-runtime';

const PREDICTIONS = 'path=~"/v2/models/.+/infer"';
const REQUESTS = 'rest_server_requests_total';

/**
 * MLServer.
 * @see https://mlserver.readthedocs.io/en/stable/reference/settings.html
 */
export const mlserver: ServerRuntime = {
  title: 'MLServer',
  protocols: 'Open Inference Protocol v2',
  ports: { http: 8080, metrics: 8082 },
  publicPaths: (model) => [`/v2/models/${model}/infer`],
  readyPath: (model) => `/v2/models/${model}/ready`,
  livePath: () => '/v2/health/live',
  modelPath: () => '/mnt/models',
  artefact: '`model-settings.json` without a `name`, and the files that it names',
  command: ['mlserver', 'start', '/mnt/models'],
  environment: ({ name }) => ({
    MLSERVER_MODEL_NAME: name,
    MLSERVER_HTTP_PORT: '8080',
    MLSERVER_METRICS_PORT: '8082',
    MLSERVER_DEBUG: 'false',
    // In one process its metrics are whole; more pods take the place of workers.
    MLSERVER_PARALLEL_WORKERS: '0',
    MLSERVER_ENVIRONMENTS_DIR: '/tmp/environments',
    MLSERVER_METRICS_DIR: '/tmp/metrics',
  }),
  metrics: {
    path: '/metrics',
    answers: [{ metric: REQUESTS, matchers: [PREDICTIONS] }],
    serverErrors: [{ metric: REQUESTS, matchers: [PREDICTIONS, 'status_code=~"5.."'] }],
    clientErrors: [{ metric: REQUESTS, matchers: [PREDICTIONS, 'status_code=~"4.."'] }],
    latency: { metric: 'rest_server_request_duration_seconds', matchers: [PREDICTIONS], unitMs: 1000 },
  },
  proof: 'manifests; version 1.7.1 was run by hand with these variables, and its metrics have these names',
  caution:
    'ends connections that were idle for 5 s, and can be told no other time: a balancer that keeps them for longer, as an ALB does, meets a closed one now and then, and answers 502',
};
