import { STEP_SHAPES } from '../../../../../pipelines/sagemaker/step-shapes';
import { CACHEABLE, RETRYABLE, type StepType } from '../../../../../pipelines/sagemaker/step-types';
import { faultsOfSteps, get, job } from './faults-of';

const ALL_TYPES = [...Object.keys(STEP_SHAPES), 'Condition'] as StepType[];
const without = (types: readonly string[]) => ALL_TYPES.filter((type) => !types.includes(type));

describe('a step', () => {
  test.each(['A', 'a-b_C9', 'x'.repeat(64)])('may be called %s', (name) => {
    expect(faultsOfSteps([job(name)])).toEqual([]);
  });

  test.each(['', 'a b', 'a.b', 'ä', 'x'.repeat(65)])("can't be called %p", (name) => {
    expect(faultsOfSteps([job(name)])[0]).toBe(
      `${JSON.stringify(name)}: a name is 1 to 64 letters, digits, hyphens and underscores; rename the step`,
    );
  });

  test('is of a type that there is', () => {
    expect(faultsOfSteps([job('A', { Type: 'Proccessing' })])).toEqual([
      `A: unknown type of step, got "Proccessing"; use one of ${ALL_TYPES.join(', ')}`,
    ]);
  });

  test('has no members that its type knows nothing of', () => {
    expect(faultsOfSteps([job('A', { DependOn: [] })])).toEqual([
      'A.DependOn: unknown member, got []; write DependsOn, or remove it',
    ]);
    expect(faultsOfSteps([job('A', { FunctionArn: 'arn' })])).toHaveLength(1);
  });

  test('has arguments', () => {
    expect(faultsOfSteps([{ Name: 'A', Type: 'Processing' }])).toEqual([
      'A: missing required member Arguments, got nothing; add Arguments',
    ]);
  });

  test.each([
    ['DisplayName', 256],
    ['Description', 3072],
  ])('has a %s of at most %d characters', (member, longest) => {
    expect(faultsOfSteps([job('A', { [member]: 'x'.repeat(longest) })])).toEqual([]);
    expect(faultsOfSteps([job('A', { [member]: 'x'.repeat(longest + 1) })])).toEqual([
      `A.${member}: must have at most ${longest} characters, got ${longest + 1}; shorten it`,
    ]);
  });
});

describe('the cache of a step', () => {
  const lasting = (ExpireAfter: unknown) => faultsOfSteps([job('A', { CacheConfig: { Enabled: true, ExpireAfter } })]);

  test.each(['P30D', 'PT12H', 'P1Y2M3W4DT5H6M7S', 'P1W', 'PT1M'])('may last %s', (duration) => {
    expect(lasting(duration)).toEqual([]);
  });

  test.each(['', '30', 'P', 'PT', 'P1H', 'P-1D', '30d', 'P1DT'])("can't last %p", (duration) => {
    expect(lasting(duration)).toEqual([
      `A.CacheConfig.ExpireAfter: must be an ISO 8601 duration, got ${JSON.stringify(duration)}; write one such as P30D or PT12H`,
    ]);
  });

  test.each(['P0D', 'PT0H0M'])("can't last no time, %s", (duration) => {
    expect(lasting(duration)).toEqual([
      `A.CacheConfig.ExpireAfter: must be longer than nothing, got ${duration}; lengthen it, or cache nothing`,
    ]);
  });

  test('says whether it is on', () => {
    expect(faultsOfSteps([job('A', { CacheConfig: { ExpireAfter: 'P1D' } })])).toEqual([
      'A.CacheConfig: missing required member Enabled, got nothing; add Enabled',
    ]);
  });

  test.each(without(CACHEABLE))('is nothing that a step of type %s has', (Type) => {
    expect(faultsOfSteps([job('A', { Type, CacheConfig: { Enabled: true } })])).toContainEqual(
      expect.stringMatching(/^A\.CacheConfig: unknown member, /),
    );
  });
});

describe('the retry policies of a step', () => {
  const policy = { ExceptionType: ['Step.THROTTLING'], MaxAttempts: 1 };
  const with1 = (change: object) => faultsOfSteps([job('A', { RetryPolicies: [{ ...policy, ...change }] })]);

  test('may be none', () => {
    expect(faultsOfSteps([job('A', { RetryPolicies: [] })])).toEqual([]);
  });

  test('end after a number of attempts or after a time', () => {
    const where = 'A.RetryPolicies[0]: has either MaxAttempts or ExpireAfterMin';
    expect(with1({})).toEqual([]);
    expect(with1({ MaxAttempts: undefined, ExpireAfterMin: 1 })).toEqual([]);
    expect(with1({ ExpireAfterMin: 1 })).toEqual([`${where}, got both; give one of the two`]);
    expect(with1({ MaxAttempts: undefined })).toEqual([`${where}, got neither; give one of the two`]);
  });

  test.each([
    ['MaxAttempts', 1, 20],
    ['ExpireAfterMin', 1, 14_400],
    ['IntervalSeconds', 0, 43_200],
  ])('have a %s from %d to %d', (member, min, max) => {
    const of = (value: unknown) =>
      with1({ ...(member === 'ExpireAfterMin' && { MaxAttempts: undefined }), [member]: value });
    for (const value of [min, max]) expect(of(value)).toEqual([]);
    for (const value of [min - 1, max + 1, -5, 1.5])
      expect(of(value)).toEqual([
        `A.RetryPolicies[0].${member}: must be a whole number from ${min} to ${max}, got ${value}; correct it`,
      ]);
    expect(of(Number.NaN)).not.toEqual([]);
  });

  test('have a backoff rate that is not negative', () => {
    for (const BackoffRate of [0, 1, 2.5]) expect(with1({ BackoffRate })).toEqual([]);
    expect(with1({ BackoffRate: -0.1 })).toEqual([
      'A.RetryPolicies[0].BackoffRate: must not be negative, got -0.1; write 1 or more',
    ]);
    expect(with1({ BackoffRate: Number.NaN })).not.toEqual([]);
  });

  test('name exceptions that there are, each once', () => {
    const known =
      'Step.SERVICE_FAULT, Step.THROTTLING, SageMaker.JOB_INTERNAL_ERROR, SageMaker.CAPACITY_ERROR, SageMaker.RESOURCE_LIMIT';
    expect(with1({ ExceptionType: [] })).toEqual([
      `A.RetryPolicies[0].ExceptionType: must hold at least one exception, got none; add one of ${known}`,
    ]);
    expect(with1({ ExceptionType: ['ThrottlingException'] })).toEqual([
      `A.RetryPolicies[0].ExceptionType[0]: must be one of ${known}, got "ThrottlingException"; choose one of them`,
    ]);
    expect(faultsOfSteps([job('A', { RetryPolicies: [policy, policy] })])).toEqual([
      'A.RetryPolicies[1].ExceptionType[0]: an exception stands in one policy only, got Step.THROTTLING again; take it out of one of them',
    ]);
  });

  test('of a step without a job know no exceptions of jobs', () => {
    const model = {
      Name: 'A',
      Type: 'Model',
      Arguments: { PrimaryContainer: { Image: 'image' }, ExecutionRoleArn: 'arn:aws:iam::123456789012:role/job' },
      RetryPolicies: [{ ExceptionType: ['SageMaker.CAPACITY_ERROR'], MaxAttempts: 1 }],
    };
    expect(faultsOfSteps([model])).toEqual([
      'A.RetryPolicies[0].ExceptionType[0]: must be one of Step.SERVICE_FAULT, Step.THROTTLING, got "SageMaker.CAPACITY_ERROR"; choose one of them',
    ]);
  });

  test.each(without(RETRYABLE))('are nothing that a step of type %s has', (Type) => {
    expect(faultsOfSteps([job('A', { Type, RetryPolicies: [policy] })])).toContainEqual(
      expect.stringMatching(/^A\.RetryPolicies: unknown member, /),
    );
  });
});

describe('the property files of a step', () => {
  const file = { PropertyFileName: 'Metrics', OutputName: 'report', FilePath: 'metrics.json' };
  const of = (...PropertyFiles: readonly object[]) => faultsOfSteps([job('A', { PropertyFiles }, ['report'])]);

  test('lie in outputs that there are', () => {
    expect(of(file)).toEqual([]);
    expect(of({ ...file, OutputName: 'reprot' })).toEqual([
      'A.PropertyFiles[0].OutputName: the step has no such output, got reprot; write report',
    ]);
    expect(of({ ...file, OutputName: 'none' })).toEqual([
      'A.PropertyFiles[0].OutputName: the step has no such output, got none; add it to ProcessingOutputConfig',
    ]);
  });

  test('have names of their own that a reference can write', () => {
    expect(of(file, file)).toEqual([
      'A.PropertyFiles[1].PropertyFileName: the names of property files are unique, got Metrics again; rename one',
    ]);
    expect(of({ ...file, PropertyFileName: 'my metrics' })).toEqual([
      'A.PropertyFiles[0].PropertyFileName: a name is letters, digits, hyphens and underscores, got my metrics; rename it',
    ]);
  });

  test('have a path', () => {
    expect(of({ ...file, FilePath: '' })).toEqual([
      'A.PropertyFiles[0].FilePath: must name a file, got ""; write its path below the output',
    ]);
    expect(of({ PropertyFileName: 'Metrics', OutputName: 'report' })).toEqual([
      'A.PropertyFiles[0]: missing required member FilePath, got nothing; add FilePath',
    ]);
  });

  test('belong to processing steps', () => {
    const faults = faultsOfSteps([job('A', { Type: 'QualityCheck', CheckType: 'DATA_QUALITY', PropertyFiles: [] })]);
    expect(faults).toEqual([expect.stringMatching(/^A\.PropertyFiles: unknown member/)]);
  });
});

describe('the members beside the arguments', () => {
  test('of a Lambda and a Callback say whom they call', () => {
    expect(faultsOfSteps([{ Name: 'A', Type: 'Lambda', Arguments: {} }])).toEqual([
      'A: missing required member FunctionArn, got nothing; add FunctionArn',
    ]);
    expect(faultsOfSteps([{ Name: 'A', Type: 'Callback', Arguments: {} }])).toEqual([
      'A: missing required member SqsQueueUrl, got nothing; add SqsQueueUrl',
    ]);
  });

  test('may be references of the right kind', () => {
    const of = (FailOnViolation: unknown) =>
      faultsOfSteps(
        [job('A', { Type: 'QualityCheck', CheckType: 'DATA_QUALITY', FailOnViolation })],
        [
          { Name: 'Yes', Type: 'Boolean' },
          { Name: 'Text', Type: 'String' },
        ],
      );
    expect(of(get('Parameters.Yes'))).toEqual([]);
    expect(of(get('Parameters.Text'))).toEqual([
      'A.FailOnViolation: must be a boolean, got the string Parameters.Text; read a boolean',
    ]);
  });

  test('of a ClarifyCheck know no statistics', () => {
    const check = { Type: 'ClarifyCheck', CheckType: 'DATA_BIAS', SuppliedBaselineStatistics: 's3://bucket/a.json' };
    expect(faultsOfSteps([job('A', check)])).toEqual([
      'A.SuppliedBaselineStatistics: unknown member, got "s3://bucket/a.json"; write SuppliedBaselineConstraints, or remove it',
    ]);
  });
});
