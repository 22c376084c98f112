import {
  execution,
  parameter,
  processing,
  qualityCheck,
  register,
  training,
  tuning,
} from '../../../../pipelines/builder';
import { ROLE } from '../smallest';
import { check, compute, fit, prepared, registration, render, search } from './rendered';

describe('a processing step', () => {
  test('runs its script in the image, on one machine, and leaves out what is not given', () => {
    expect(prepared({ retry: { attempts: 0, capacityMinutes: 0 } })).toEqual({
      Name: 'A',
      Type: 'Processing',
      Arguments: {
        RoleArn: ROLE,
        AppSpecification: { ImageUri: 'image', ContainerEntrypoint: ['python3', '/opt/program/churn/a.py'] },
        ProcessingResources: {
          ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 },
        },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      },
      RetryPolicies: [],
    });
  });

  test('finds inputs and leaves outputs in folders of their names', () => {
    expect(prepared({ inputs: { raw: 's3://raw/churn/' }, outputs: ['train'] })).toMatchObject({
      Arguments: {
        ProcessingInputs: [
          {
            InputName: 'raw',
            S3Input: {
              S3Uri: 's3://raw/churn/',
              LocalPath: '/opt/ml/processing/input/raw',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
            },
          },
        ],
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'train',
              S3Output: {
                S3Uri: {
                  'Std:Join': {
                    On: '/',
                    Values: ['s3://work/churn', 'executions', { Get: 'Execution.PipelineExecutionId' }, 'A', 'train'],
                  },
                },
                LocalPath: '/opt/ml/processing/output/train',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
    });
  });

  test('keeps outputs with the models where that is asked for', () => {
    const at = (outputsTo?: 'models' | 'workspace') => JSON.stringify(prepared({ outputs: ['a'], outputsTo }));
    expect(at('models')).toContain('"s3://models/churn","executions"');
    expect(at('workspace')).toContain('"s3://work/churn","executions"');
  });

  test('hands options over as text', () => {
    expect(prepared({ arguments: { months: '1-6', seed: 7, fast: false } })).toMatchObject({
      Arguments: { AppSpecification: { ContainerArguments: ['--months', '1-6', '--seed', '7', '--fast', 'false'] } },
    });
  });

  test('declares its metric files', () => {
    const metricFiles = { Metrics: { output: 'report', file: 'metrics.json' } };
    expect(prepared({ outputs: ['report'], metricFiles })).toMatchObject({
      PropertyFiles: [{ PropertyFileName: 'Metrics', OutputName: 'report', FilePath: 'metrics.json' }],
    });
  });

  test('may have an image, a name to show and steps to wait for of its own', () => {
    const first = training('First', fit);
    const second = processing('A', { compute, script: 'a.py', image: 'own', displayName: 'a', dependsOn: [first] });
    expect(render([first, second])[1]).toMatchObject({
      DisplayName: 'a',
      DependsOn: ['First'],
      Arguments: { AppSpecification: { ImageUri: 'own' } },
    });
  });
});

describe('a training step', () => {
  test('trains what its channels hold with its script and hyperparameters', () => {
    const hyperparameters = { seed: 7, rate: 0.1 };
    const [step] = render([training('A', { ...fit, hyperparameters, metrics: ['auc'] })]);
    expect(step).toMatchObject({
      Name: 'A',
      Type: 'Training',
      Arguments: {
        RoleArn: ROLE,
        AlgorithmSpecification: {
          TrainingImage: 'image',
          TrainingInputMode: 'File',
          MetricDefinitions: [{ Name: 'auc', Regex: '\\bauc=([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)' }],
        },
        InputDataConfig: [
          {
            ChannelName: 'train',
            DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/train' } },
          },
        ],
        OutputDataConfig: { S3OutputPath: 's3://models/churn' },
        ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
        HyperParameters: { sagemaker_program: 'train.py', seed: '7', rate: '0.1' },
      },
    });
    expect(Object.keys(step?.Arguments ?? {})).not.toContain('EnableNetworkIsolation');
  });

  test.each([
    ['auc=0.7123', '0.7123'],
    ['epoch 3: auc=-1.5e-3, loss=2', '-1.5e-3'],
    ['auc=1', '1'],
    ['validation_auc=0.5', undefined],
    ['auc = 0.5', undefined],
  ])('finds its metric in the line %p', (line, value) => {
    const [step] = render([training('A', { ...fit, metrics: ['auc'] })]);
    const [, regex = ''] = /"Regex":("[^}]*")/.exec(JSON.stringify(step)) ?? [];
    expect(new RegExp(JSON.parse(regex) as string).exec(line)?.[1]).toBe(value);
  });
});

describe('a tuning step', () => {
  test('looks for the best of its jobs', () => {
    const ranges = {
      rate: { kind: 'continuous', min: 0.01, max: 1, scaling: 'Logarithmic' },
      depth: { kind: 'integer', min: 0, max: 3, scaling: 'Auto' },
      kind: { kind: 'categorical', values: ['a', 'b'] },
    } as const;
    const given = { ...search, ranges, seed: 7, strategy: 'Bayesian', hyperparameters: { fixed: 1 } } as const;
    expect(render([tuning('A', given)])[0]).toMatchObject({
      Type: 'Tuning',
      Arguments: {
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          RandomSeed: 7,
          HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'auc' },
          ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 },
          ParameterRanges: {
            ContinuousParameterRanges: [{ Name: 'rate', MinValue: '0.01', MaxValue: '1', ScalingType: 'Logarithmic' }],
            IntegerParameterRanges: [{ Name: 'depth', MinValue: '0', MaxValue: '3', ScalingType: 'Auto' }],
            CategoricalParameterRanges: [{ Name: 'kind', Values: ['a', 'b'] }],
          },
        },
        TrainingJobDefinition: {
          AlgorithmSpecification: { MetricDefinitions: [{ Name: 'auc' }] },
          StaticHyperParameters: { sagemaker_program: 'train.py', fixed: '1' },
        },
      },
    });
  });

  test('minimizes where that is asked for, and leaves out kinds of ranges that it has none of', () => {
    const [step] = render([tuning('A', { ...search, objective: { metric: 'loss', direction: 'minimize' } })]);
    expect(step?.Arguments['HyperParameterTuningJobConfig']).toMatchObject({
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' },
      ParameterRanges: { IntegerParameterRanges: [{ Name: 'depth' }] },
    });
    expect(JSON.stringify(step)).not.toMatch(/ContinuousParameterRanges|CategoricalParameterRanges/);
  });

  test('may take the number of its jobs from a parameter', () => {
    const jobs = parameter('Jobs', 'integer', 4);
    expect(JSON.stringify(render([tuning('A', { ...search, maxJobs: jobs })], {}, [jobs]))).toContain(
      '"MaxNumberOfTrainingJobs":{"Get":"Parameters.Jobs"}',
    );
  });
});

describe('a quality check', () => {
  test('compares a data set with the baseline of the approved model', () => {
    const [step] = render([qualityCheck('A', { ...check, cacheDays: 7 })], { environment: { STAGE: 'test' } });
    expect(step).toMatchObject({
      Type: 'QualityCheck',
      CheckType: 'DATA_QUALITY',
      ModelPackageGroupName: 'churn',
      FailOnViolation: true,
      SkipCheck: false,
      RegisterNewBaseline: false,
      CacheConfig: { Enabled: true, ExpireAfter: 'P7D' },
      Arguments: {
        AppSpecification: { ImageUri: 'monitor' },
        ProcessingInputs: [{ S3Input: { S3Uri: 's3://bucket/data' } }],
        Environment: {
          STAGE: 'test',
          dataset_format: '{"csv":{"header":true}}',
          dataset_source: '/opt/ml/processing/input/baseline_dataset_input',
          output_path: '/opt/ml/processing/output',
          publish_cloudwatch_metrics: 'Disabled',
        },
      },
    });
    expect(step).not.toHaveProperty('SuppliedBaselineStatistics');
    expect(step).not.toHaveProperty('RetryPolicies');
  });

  test('may have its baseline given, read JSON lines and let violations pass', () => {
    const baseline = { statistics: 's3://bucket/statistics.json', constraints: 's3://bucket/constraints.json' };
    const [step] = render([qualityCheck('A', { ...check, format: 'json', baseline, failOnViolation: false })]);
    expect(step).toMatchObject({
      FailOnViolation: false,
      SuppliedBaselineStatistics: baseline.statistics,
      SuppliedBaselineConstraints: baseline.constraints,
      Arguments: { Environment: { dataset_format: '{"json":{"lines":true}}' } },
    });
    expect(step).not.toHaveProperty('CacheConfig');
  });
});

describe('a register step', () => {
  test('puts the model into its group, for somebody to approve', () => {
    expect(render([register('A', registration)])).toEqual([
      {
        Name: 'A',
        Type: 'RegisterModel',
        Arguments: {
          ModelPackageGroupName: 'churn',
          ModelApprovalStatus: 'PendingManualApproval',
          InferenceSpecification: {
            Containers: [
              {
                Image: 'image',
                ModelDataUrl: 's3://bucket/model.tar.gz',
                Environment: { SAGEMAKER_PROGRAM: 'serve.py' },
              },
            ],
            SupportedContentTypes: ['text/csv', 'application/json'],
            SupportedResponseMIMETypes: ['text/csv', 'application/json'],
          },
        },
        RetryPolicies: [
          {
            ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'],
            IntervalSeconds: 10,
            BackoffRate: 2,
            MaxAttempts: 5,
          },
        ],
      },
    ]);
  });

  test('keeps the evidence with it', () => {
    const given = register('A', {
      ...registration,
      description: 'says who leaves',
      evaluation: 's3://bucket/evaluation.json',
      environment: { WORKERS: '2' },
      metadata: { execution: execution('id'), folds: 5 },
    });
    expect(render([given])[0]?.Arguments).toMatchObject({
      ModelPackageDescription: 'says who leaves',
      ModelMetrics: {
        ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: 's3://bucket/evaluation.json' } },
      },
      CustomerMetadataProperties: { execution: { Get: 'Execution.PipelineExecutionId' }, folds: '5' },
      InferenceSpecification: { Containers: [{ Environment: { SAGEMAKER_PROGRAM: 'serve.py', WORKERS: '2' } }] },
    });
  });

  test('has a status that there is', () => {
    expect(() => render([register('A', { ...registration, approvalStatus: 'Aproved' })])).toThrow(
      'A.ModelApprovalStatus: must be one of Approved, Rejected, PendingManualApproval, got "Aproved"',
    );
  });
});
