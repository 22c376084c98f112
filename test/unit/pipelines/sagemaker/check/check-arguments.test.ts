import { STEP_SHAPES } from '../../../../../pipelines/sagemaker/step-shapes';
import type { StepType } from '../../../../../pipelines/sagemaker/step-types';
import { faultsOfSteps, get, job, jobWith, training, tuning } from './faults-of';

const input = (InputName: string, change: object = {}) => ({
  InputName,
  S3Input: { S3Uri: 's3://bucket/a', LocalPath: `/opt/ml/processing/${InputName}`, S3DataType: 'S3Prefix', ...change },
});
const channel = (ChannelName: string) => ({
  ChannelName,
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/a' } },
});
const many = <T>(count: number, make: (name: string) => T) =>
  Array.from({ length: count }, (_, index) => make(`n${index}`));

describe('the arguments of a step', () => {
  test('are the request of the service, member by member', () => {
    expect(faultsOfSteps([jobWith({ StopingCondition: {} })])).toEqual([
      'Job.StopingCondition: unknown member, got {}; write StoppingCondition, or remove it',
    ]);
    expect(faultsOfSteps([jobWith({ AppSpecification: {} })])).toEqual([
      'Job.AppSpecification: missing required member ImageUri, got nothing; add ImageUri',
    ]);
    expect(faultsOfSteps([jobWith({ NetworkConfig: { EnableNetworkIsolation: 'yes' } })])).toEqual([
      'Job.NetworkConfig.EnableNetworkIsolation: must be a boolean, got "yes"; write a boolean',
    ]);
  });

  test.each<[StepType, string]>([
    ['Processing', 'ProcessingJobName'],
    ['QualityCheck', 'ProcessingJobName'],
    ['ClarifyCheck', 'ProcessingJobName'],
    ['Training', 'TrainingJobName'],
    ['Tuning', 'HyperParameterTuningJobName'],
    ['AutoML', 'AutoMLJobName'],
    ['Transform', 'TransformJobName'],
    ['Model', 'ModelName'],
  ])('of a %s step give no %s, and need none', (Type, member) => {
    const faults = faultsOfSteps([{ Name: 'A', Type, Arguments: { [member]: 'mine' } }]);
    expect(faults).toContain(`A.${member}: can't be given: SageMaker names what a pipeline makes; leave it out`);
    expect(faultsOfSteps([{ Name: 'A', Type, Arguments: {} }]).join('\n')).not.toContain(member);
  });

  test.each<[StepType, string, string]>([
    ['EndpointConfig', 'DataCaptureConfig', 'SageMaker refuses it in a pipeline'],
    ['EndpointConfig', 'ExplainerConfig', 'SageMaker refuses it in a pipeline'],
    ['Endpoint', 'DeploymentConfig', 'SageMaker refuses it in a pipeline'],
    ['RegisterModel', 'CertifyForMarketplace', 'SageMaker refuses it in a pipeline'],
    ['RegisterModel', 'ModelPackageName', 'a package of a pipeline belongs to a group and gets a version of it'],
  ])('of a %s step give no %s', (Type, member, reason) => {
    const faults = faultsOfSteps([{ Name: 'A', Type, Arguments: { [member]: {} } }]);
    expect(faults.filter((fault) => fault.includes(member))).toEqual([
      `A.${member}: can't be given: ${reason}; leave it out`,
    ]);
  });

  test('are checked for every type of step', () => {
    for (const Type of Object.keys(STEP_SHAPES).filter((type) => type !== 'Lambda' && type !== 'Callback'))
      expect(faultsOfSteps([{ Name: 'A', Type, Arguments: { Nonsense: 1 } }])).toContainEqual(
        expect.stringMatching(/^A\.Nonsense: unknown member, got 1/),
      );
  });

  test('of a Lambda and a Callback are single values under any name', () => {
    const call = (Arguments: object) =>
      faultsOfSteps([{ Name: 'A', Type: 'Callback', SqsQueueUrl: 'https://queue', Arguments }]);
    expect(call({ text: 'a', number: 0.5, yes: false, when: get('Execution.StartDateTime') })).toEqual([]);
    expect(call({ list: ['a'], none: null })).toEqual([
      'A.list: must be a string, a number, a boolean or a reference, got ["a"]; write one of them',
      'A.none: must be a string, a number, a boolean or a reference, got null; write one of them',
    ]);
  });

  test('of a tuning name no entrypoint', () => {
    const AlgorithmSpecification = { TrainingImage: 'image', TrainingInputMode: 'File', ContainerEntrypoint: ['a'] };
    const where = 'Tune.TrainingJobDefinition.AlgorithmSpecification.ContainerEntrypoint';
    expect(faultsOfSteps([tuning({}, { AlgorithmSpecification })])).toEqual([
      expect.stringMatching(new RegExp(`^${where}: unknown member, got`)),
    ]);
  });
});

describe('the limits of the service', () => {
  test.each<[string, number, (count: number) => object, string]>([
    ['inputs', 10, (count) => jobWith({ ProcessingInputs: many(count, input) }), 'Job.ProcessingInputs'],
    ['outputs', 10, (count) => job('Job', {}, many(count, String)), 'Job.ProcessingOutputConfig.Outputs'],
    ['channels', 20, (count) => training([], { InputDataConfig: many(count, channel) }), 'Train.InputDataConfig'],
    [
      'metrics',
      40,
      (count) => training(many(count, (Name) => ({ Name, Regex: 'a' }))),
      'Train.AlgorithmSpecification.MetricDefinitions',
    ],
  ])('allow so many %s: %d', (_, most, make, where) => {
    expect(faultsOfSteps([make(most)])).toEqual([]);
    expect(faultsOfSteps([make(most + 1)])).toEqual([
      `${where}: must hold at most ${most} items, got ${most + 1}; take some out`,
    ]);
  });

  test.each([
    ['HyperParameters', 100],
    ['Environment', 100],
  ])('allow so many entries of %s: %d', (member, most) => {
    const of = (count: number) =>
      faultsOfSteps([training([], { [member]: Object.fromEntries(many(count, (name) => [name, 'a'])) })]);
    expect(of(most)).toEqual([]);
    expect(of(most + 1)).toEqual([
      `Train.${member}: must hold at most ${most} entries, got ${most + 1}; take some out`,
    ]);
  });

  test('bound numbers from both sides', () => {
    const disk = (VolumeSizeInGB: unknown) =>
      faultsOfSteps([
        jobWith({
          ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB } },
        }),
      ]);
    const where = 'Job.ProcessingResources.ClusterConfig.VolumeSizeInGB';
    for (const size of [1, 16_384]) expect(disk(size)).toEqual([]);
    expect(disk(0)).toEqual([`${where}: must be at least 1, got 0; raise it`]);
    expect(disk(-1)).toEqual([`${where}: must be at least 1, got -1; raise it`]);
    expect(disk(16_385)).toEqual([`${where}: must be at most 16384, got 16385; lower it`]);
    expect(disk(1.5)).toEqual([`${where}: must be a whole number, got 1.5; round it`]);
    expect(disk(Number.NaN)).toEqual([expect.stringMatching(/VolumeSizeInGB: must be a number, got NaN/)]);
    expect(disk(undefined)).toEqual([expect.stringMatching(/missing required member VolumeSizeInGB/)]);
  });

  test('bound the length of texts', () => {
    const regex = (Regex: string) => faultsOfSteps([training([{ Name: 'auc', Regex }])]);
    const where = 'Train.AlgorithmSpecification.MetricDefinitions[0].Regex';
    expect(regex('x'.repeat(500))).toEqual([]);
    expect(regex('x'.repeat(501))).toEqual([`${where}: must have at most 500 characters, got 501; shorten it`]);
    expect(regex('')).toEqual([`${where}: must have at least 1 character, got 0; lengthen it`]);
  });

  test('know patterns', () => {
    expect(faultsOfSteps([jobWith({ RoleArn: 'arn:aws:iam::1234:role/too-short-account' })])).toEqual([
      expect.stringMatching(/^Job\.RoleArn: must match arn:.*, got "arn:aws:iam::1234:role/),
    ]);
    expect(faultsOfSteps([jobWith({ ProcessingInputs: [input('a', { S3Uri: '/data' })] })])).toEqual([
      'Job.ProcessingInputs[0].S3Input.S3Uri: must match (https|s3)://([^/]+)/?(.*), got "/data"; correct it',
    ]);
  });

  test('know enums', () => {
    expect(faultsOfSteps([jobWith({ ProcessingInputs: [input('a', { S3InputMode: 'FastFile' })] })])).toEqual([
      'Job.ProcessingInputs[0].S3Input.S3InputMode: must be one of Pipe, File, got "FastFile"; choose one of them',
    ]);
  });

  test('take an instance type for its form, as new ones come every quarter', () => {
    const of = (InstanceType: string) =>
      faultsOfSteps([
        jobWith({
          ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType, VolumeSizeInGB: 1 } },
        }),
      ]);
    expect(of('ml.z99.huge')).toEqual([]);
    expect(of('m5.large')).toHaveLength(1);
  });

  test("wait for what isn't known yet", () => {
    const Environment = { A: '${Token[TOKEN.1]}'.repeat(200), B: get('Parameters.P') };
    const RoleArn = '${Token[TOKEN.2]}';
    expect(faultsOfSteps([jobWith({ Environment, RoleArn })], [{ Name: 'P', Type: 'String' }])).toEqual([]);
  });
});
