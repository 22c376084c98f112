import type { Summary } from '../../../../local/loop/summary';

/** A run that went well, with every field filled. */
export const exampleSummary: Summary = {
  environment: 'local',
  model: 'flight-delay',
  endpointUrl: 'http://localhost:4566',
  startedAt: '2026-01-02T03:04:05.000Z',
  seconds: 93.4,
  phases: [{ title: 'Set up Python', from: 0, seconds: 12 }],
  stacks: [{ name: 'mlops-local-data', status: 'CREATE_COMPLETE' }],
  execution: {
    arn: 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/local-flight-delay/execution/abc',
    id: 'abc',
    status: 'Succeeded',
  },
  steps: [
    { name: 'Prepare', type: 'ProcessingJob', status: 'Succeeded', seconds: 4.2, cached: false },
    { name: 'Evaluate', type: 'ProcessingJob', status: 'Succeeded', seconds: 6.1, cached: true },
    { name: 'Gate', type: 'Condition', status: 'Succeeded', seconds: 0.1, cached: false },
    { name: 'Register', type: 'RegisterModel', status: 'Succeeded', seconds: null, cached: false },
  ],
  evaluation: {
    model: 'flight-delay',
    rows: 1000,
    positive_rate: 0.21,
    confidence: 0.95,
    resamples: 200,
    metrics: { roc_auc: { value: 0.7, low: 0.68, high: 0.72 }, log_loss: { value: 0.5, low: 0.48, high: 0.52 } },
    baseline: { description: 'late rate by hour', metrics: { roc_auc: 0.6 } },
    calibration: [
      { predicted: 0.1, observed: 0.12, rows: 500 },
      { predicted: 0.5, observed: 0.41, rows: 500 },
    ],
    slices: {
      carrier: {
        AA: { rows: 600, positive_rate: 0.2, roc_auc: 0.71 },
        HA: { rows: 3, positive_rate: 0, roc_auc: null },
        '<script>': { rows: 397, positive_rate: 0.3, roc_auc: 0.66 },
      },
    },
    model_sha256: 'a'.repeat(64),
    data_sha256: 'b'.repeat(64),
  },
  gates: [
    { metric: 'roc_auc', bound: 'atLeast', threshold: 0.66, value: 0.7, passed: true },
    { metric: 'log_loss', bound: 'atMost', threshold: 0.45, value: 0.5, passed: false },
  ],
  modelPackage: {
    arn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package/local-flight-delay/1',
    version: 1,
    approvalStatus: 'Approved',
  },
  endpoint: { name: 'local-flight-delay', status: 'InService' },
  invocations: { tried: 40, succeeded: 40, rows: 200, correct: 161, medianMs: 9.5 },
};
