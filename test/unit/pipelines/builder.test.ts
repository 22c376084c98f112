import {
  condition,
  execution,
  fail,
  parameter,
  pipeline,
  processing,
  qualityCheck,
  register,
  text,
  training,
  tuning,
} from '../../../pipelines/builder';

const compute = { instanceType: 'ml.m5.large' };
const fit = { compute, script: 'train.py', channels: { train: 's3://bucket/train' } };
const search = {
  ...fit,
  objective: { metric: 'auc', direction: 'maximize' },
  maxJobs: 4,
  ranges: { depth: { kind: 'integer', min: 1, max: 3, scaling: 'Auto' } },
} as const;

/** What every job has if nobody says otherwise. */
const JOB_DEFAULTS = {
  dependsOn: [],
  compute: { instanceType: 'ml.m5.large', instanceCount: 1, volumeGb: 30, maxRuntimeMinutes: 60 },
  cacheDays: 0,
  retry: { attempts: 5, capacityMinutes: 240 },
};

describe('the documented defaults', () => {
  test('of processing', () => {
    expect(processing('A', { compute, script: 'a.py' })).toEqual({
      ...JOB_DEFAULTS,
      kind: 'processing',
      name: 'A',
      script: 'a.py',
      inputs: {},
      outputs: [],
      outputsTo: 'workspace',
      metricFiles: {},
      arguments: {},
      output: expect.any(Function),
      metric: expect.any(Function),
    });
  });

  test('of training', () => {
    expect(training('A', fit)).toEqual({
      ...JOB_DEFAULTS,
      kind: 'training',
      name: 'A',
      script: 'train.py',
      channels: { train: 's3://bucket/train' },
      hyperparameters: {},
      metrics: [],
      modelArtifacts: { kind: 'modelArtifacts', step: 'A' },
    });
  });

  test('of tuning', () => {
    expect(tuning('A', search)).toEqual({
      ...training('A', fit),
      kind: 'tuning',
      strategy: 'Random',
      objective: { metric: 'auc', direction: 'maximize' },
      metrics: ['auc'],
      maxJobs: 4,
      maxParallelJobs: 2,
      seed: 0,
      ranges: search.ranges,
    });
  });

  test('of qualityCheck', () => {
    const options = { compute, image: 'monitor', dataset: 's3://bucket/data', format: 'csv', group: 'churn' } as const;
    expect(qualityCheck('A', options)).toEqual({
      ...JOB_DEFAULTS,
      kind: 'qualityCheck',
      name: 'A',
      image: 'monitor',
      dataset: 's3://bucket/data',
      format: 'csv',
      group: 'churn',
      failOnViolation: true,
    });
  });

  test('of condition', () => {
    expect(condition('A', { all: [], ifTrue: [] })).toEqual({
      kind: 'condition',
      name: 'A',
      dependsOn: [],
      all: [],
      ifTrue: [],
      ifFalse: [],
    });
  });

  test('of register', () => {
    expect(register('A', { group: 'churn', model: 's3://bucket/model.tar.gz', script: 'serve.py' })).toEqual({
      kind: 'register',
      name: 'A',
      dependsOn: [],
      group: 'churn',
      model: 's3://bucket/model.tar.gz',
      script: 'serve.py',
      approvalStatus: 'PendingManualApproval',
      environment: {},
      metadata: {},
      contentTypes: ['text/csv', 'application/json'],
      responseTypes: ['text/csv', 'application/json'],
      retry: JOB_DEFAULTS.retry,
    });
  });

  test('of fail', () => {
    expect(fail('A', { message: 'no' })).toEqual({ kind: 'fail', name: 'A', dependsOn: [], message: 'no' });
  });

  test('of parameter', () => {
    expect(parameter('A', 'string')).toEqual({ kind: 'parameter', name: 'A', type: 'string' });
  });

  test('of pipeline', () => {
    const runtime = { image: 'image', identity: 'role', workspaceUri: 's3://a', modelsUri: 's3://b' };
    expect(pipeline('A', { steps: [], runtime })).toEqual({
      name: 'A',
      parameters: [],
      steps: [],
      runtime: { ...runtime, environment: {} },
    });
  });
});

describe('the builder', () => {
  test('keeps 0 and false where they are given', () => {
    const zero = { attempts: 0, capacityMinutes: 0 };
    expect(training('A', { ...fit, retry: zero }).retry).toEqual(zero);
    expect(training('A', { ...fit, retry: { attempts: 0 } }).retry).toEqual({ attempts: 0, capacityMinutes: 240 });
    expect(parameter('A', 'integer', 0).defaultValue).toBe(0);
    expect(parameter('A', 'boolean', false).defaultValue).toBe(false);
    expect(parameter('A', 'string', '').defaultValue).toBe('');
    const options = { compute, image: 'i', dataset: 'd', format: 'csv', group: 'g', failOnViolation: false } as const;
    expect(qualityCheck('A', options).failOnViolation).toBe(false);
  });

  test('refers to the outputs and the metrics of a step', () => {
    const step = processing('A', {
      compute,
      script: 'a.py',
      outputs: ['report'],
      metricFiles: { Metrics: { output: 'report', file: 'metrics.json' } },
    });
    expect(step.output('report')).toEqual({ kind: 'output', step: 'A', output: 'report' });
    expect(step.output('report', 'a.html')).toEqual({ kind: 'output', step: 'A', output: 'report', file: 'a.html' });
    expect(step.metric('Metrics', 'auc.value')).toEqual({
      kind: 'metric',
      step: 'A',
      file: 'Metrics',
      path: 'auc.value',
    });
    expect(text('at ', execution('startTime'))).toEqual({
      kind: 'text',
      parts: ['at ', { kind: 'execution', variable: 'startTime' }],
    });
  });

  test('names the steps that a step waits for', () => {
    const first = training('First', fit);
    expect(training('Second', { ...fit, dependsOn: [first], displayName: 'second' })).toMatchObject({
      dependsOn: ['First'],
      displayName: 'second',
    });
  });

  test('lists the objective of a tuning once among its metrics', () => {
    expect(tuning('A', { ...search, metrics: ['auc', 'loss'] }).metrics).toEqual(['auc', 'loss']);
  });
});
