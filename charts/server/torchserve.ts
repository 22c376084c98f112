import { CONFIG_PATH, type ServerRuntime } from './server-runtime';

const CONFIG = 'config.properties';

/**
 * TorchServe.
 * @see https://docs.pytorch.org/serve/configuration.html
 */
export const torchserve: ServerRuntime = {
  title: 'TorchServe',
  protocols: 'TorchServe inference API',
  ports: { http: 8080, metrics: 8082 },
  publicPaths: (model) => [`/predictions/${model}`],
  // 200 once each model has its workers.
  readyPath: () => '/ping',
  modelPath: (model) => `/models/${model}`,
  artefact:
    'a model archive that is unpacked (`--archive-format no-archive`): `MAR-INF/MANIFEST.json`, the handler, the weights',
  command: ['torchserve'],
  args: ({ name }) => [
    '--start',
    '--foreground',
    '--ncs',
    '--disable-token-auth',
    '--model-store=/models',
    `--models=${name}=${name}`,
    `--ts-config=${CONFIG_PATH}/${CONFIG}`,
  ],
  // It writes logs beside itself.
  workingDirectory: '/tmp',
  environment: () => ({ LOG_LOCATION: '/tmp/logs', METRICS_LOCATION: '/tmp/metrics', TEMP: '/tmp' }),
  configFiles: ({ settings }) => ({
    [CONFIG]: [
      'inference_address=http://0.0.0.0:8080',
      // Whoever may call it may load any code, so nobody outside of the pod may.
      'management_address=http://127.0.0.1:8081',
      'metrics_address=http://0.0.0.0:8082',
      'metrics_mode=prometheus',
      'install_py_dep_per_model=false',
      'allowed_urls=file://.*',
      `default_response_timeout=${settings.longestRequestSeconds}`,
      // Workers share nothing, and more pods take their place.
      'default_workers_per_model=1',
      '',
    ].join('\n'),
  }),
  metrics: {
    path: '/metrics',
    answers: [{ metric: 'ts_inference_requests_total' }],
    serverErrors: [{ metric: 'Requests5XX', matchers: ['Level="Host"'] }],
  },
  proof: 'manifests only; names of metrics and options from its documentation',
  caution:
    'no longer maintained upstream, security fixes included: for what runs on it already. Its token authorisation is off, because its tokens end after an hour; callers are limited by the NetworkPolicy instead',
};
