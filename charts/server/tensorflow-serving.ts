import { CONFIG_PATH, type ServerRuntime } from './server-runtime';

const MONITORING = 'monitoring.config';
const METRICS_PATH = '/monitoring/prometheus/metrics';
const REQUESTS = ':tensorflow:serving:request_count';
/** Those that its REST API answers by a status of 500 and more; all others but OK are the caller's. */
const SERVER_ERRORS = 'UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS';

/**
 * TensorFlow Serving, by its REST API.
 * @see https://www.tensorflow.org/tfx/serving/serving_config#monitoring_configuration
 */
export const tensorflowServing: ServerRuntime = {
  title: 'TensorFlow Serving',
  protocols: 'TensorFlow Serving REST',
  ports: { http: 8501 },
  publicPaths: (model) => ['predict', 'classify', 'regress'].map((verb) => `/v1/models/${model}:${verb}`),
  // The status of a model is 200 while it loads, too; its signature is not there before.
  readyPath: (model) => `/v1/models/${model}/metadata`,
  livePath: (model) => `/v1/models/${model}`,
  // Versions are folders, and a release has one.
  modelPath: (model) => `/models/${model}/1`,
  artefact: 'a SavedModel: `saved_model.pb`, `variables/`',
  command: ['tensorflow_model_server'],
  args: ({ name, settings }) => [
    '--rest_api_port=8501',
    // By itself it ends a request after 30 s.
    `--rest_api_timeout_in_ms=${settings.longestRequestSeconds * 1000}`,
    `--model_name=${name}`,
    `--model_base_path=/models/${name}`,
    // Without it there are no metrics at all.
    `--monitoring_config_file=${CONFIG_PATH}/${MONITORING}`,
  ],
  environment: () => ({}),
  configFiles: () => ({ [MONITORING]: `prometheus_config {\n  enable: true\n  path: "${METRICS_PATH}"\n}\n` }),
  metrics: {
    path: METRICS_PATH,
    answers: [{ metric: REQUESTS }],
    serverErrors: [{ metric: REQUESTS, matchers: [`status=~"${SERVER_ERRORS}"`] }],
    clientErrors: [{ metric: REQUESTS, matchers: [`status!~"OK|${SERVER_ERRORS}"`] }],
    latency: { metric: ':tensorflow:serving:request_latency', unitMs: 0.001 },
  },
  proof: 'manifests only; names of metrics and codes from its source',
  caution:
    'latency is of answers without an error only. It ignores the signal to end (tensorflow/serving#1853): a pod answers until its grace period is over, and takes all of it',
};
