import type { ServerRuntime } from './server-runtime';

const FAILURES = 'nv_inference_request_failure';

/**
 * NVIDIA Triton Inference Server.
 * @see https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html
 */
export const triton: ServerRuntime = {
  title: 'Triton',
  protocols: 'Open Inference Protocol v2',
  ports: { http: 8000, metrics: 8002 },
  publicPaths: (model) => [`/v2/models/${model}/infer`],
  readyPath: (model) => `/v2/models/${model}/ready`,
  livePath: () => '/v2/health/live',
  modelPath: (model) => `/models/${model}`,
  artefact: "the model's folder of a model repository: `config.pbtxt`, `1/`",
  command: ['tritonserver'],
  args: ({ name, settings }) => [
    '--model-repository=/models',
    // No model comes or goes while it runs.
    '--model-control-mode=explicit',
    `--load-model=${name}`,
    '--allow-grpc=false',
    '--disable-auto-complete-config',
    `--exit-timeout-secs=${settings.longestRequestSeconds}`,
  ],
  environment: () => ({}),
  metrics: {
    path: '/metrics',
    answers: [{ metric: 'nv_inference_request_success' }, { metric: FAILURES }],
    // A client that goes away is not the server's fault.
    serverErrors: [{ metric: FAILURES, matchers: ['reason!="CANCELED"'] }],
  },
  proof: 'manifests only; names of metrics and options from its documentation',
  caution: 'latency is a counter of microseconds: no percentile can be asked of it',
};
