import type { ServerRuntime } from './server-runtime';

/**
 * The server of workloads/common, with SageMaker's container contract: the image that SageMaker runs, unchanged.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const python: ServerRuntime = {
  port: 8080,
  readyPath: '/ping',
  modelPath: '/opt/ml/model',
  command: ['serve'],
  metrics: {
    path: '/metrics',
    requests: 'http_requests_total',
    statusLabel: 'status',
    latency: 'http_request_duration_seconds',
    latencyUnitMs: 1000,
    predictions: { handler: '/invocations' },
  },
  environment: ({ spec, settings }) => ({
    SAGEMAKER_PROGRAM: `${spec.workload}/serve.py`,
    // Each worker would count for itself, and Prometheus would see one of them. More pods take their place.
    SAGEMAKER_MODEL_SERVER_WORKERS: '1',
    MODEL_SERVER_DRAIN_SECONDS: String(settings.longestRequestSeconds),
  }),
};
