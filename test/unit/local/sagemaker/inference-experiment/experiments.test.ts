import { mkdirSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import type { Context } from '../../../../../local/sagemaker/context';
import { createExperimentService } from '../../../../../local/sagemaker/inference-experiment/experiment-service';
import { models } from '../../../../../local/sagemaker/model/model-record';
import type { RunningPart } from '../../../../../local/sagemaker/running-part';
import { ServiceError } from '../../../../../local/sagemaker/service-error';
import { Store } from '../../../../../local/sagemaker/store';
import { until } from '../endpoint/fake-service';

const START = new Date('2026-01-02T00:00:00.000Z').getTime();
const DAY = 24 * 3_600;
let directory: string;
let seconds: number;
let service: RunningPart;
let configs: Map<string, JsonObject>;
let endpoint: JsonObject;
let updates: string[];
/** The status that an update ends with. */
let outcome: string;
let messages: string[];

/** Endpoints and their configurations as the actions of SageMaker show them. */
async function call(action: string, input: JsonObject): Promise<JsonObject> {
  const name = input.EndpointConfigName as string;
  switch (action) {
    case 'DescribeEndpoint':
      if (input.EndpointName !== 'flights') throw new ServiceError('ValidationException', 'Could not find endpoint');
      return endpoint;
    case 'DescribeEndpointConfig':
      return configs.get(name) ?? {};
    case 'CreateEndpointConfig':
      if (configs.has(name)) throw new ServiceError('ValidationException', 'Cannot create already existing one');
      configs.set(name, input);
      return {};
    case 'DeleteEndpointConfig':
      configs.delete(name);
      return {};
    default:
      updates.push(name);
      endpoint = { ...endpoint, EndpointStatus: 'Updating' };
      setTimeout(() => {
        endpoint = { EndpointStatus: outcome, EndpointConfigName: name, FailureReason: 'no such column' };
      }, 5);
      return {};
  }
}

function begin(): void {
  const store = new Store(directory);
  for (const name of ['one', 'two']) models(store).put(name, { ModelName: name } as never);
  const context = {
    store,
    account: '000000000000',
    region: 'us-east-1',
    now: () => new Date(START + seconds * 1_000),
    log: (message: string) => messages.push(message),
  } as unknown as Context;
  service = createExperimentService(context, call, { lookSeconds: 0.005 });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mlops-experiment-'));
  seconds = 0;
  configs = new Map([['before', { KmsKeyId: 'key', DataCaptureConfig: { EnableCapture: true } }]]);
  endpoint = { EndpointStatus: 'InService', EndpointConfigName: 'before' };
  updates = [];
  messages = [];
  outcome = 'InService';
  begin();
});
afterEach(async () => {
  await service.close();
  rmSync(directory, { recursive: true });
});

async function act(action: string, input: JsonObject = {}): Promise<JsonObject> {
  return (await service.operations[action]?.({ Name: 'test', ...input })) ?? {};
}

const variant = (VariantName: string, ModelName: string) => ({
  VariantName,
  ModelName,
  InfrastructureConfig: {
    InfrastructureType: 'RealTimeInference',
    RealTimeInferenceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  },
});
const REQUEST = {
  Type: 'ShadowMode',
  RoleArn: 'role',
  EndpointName: 'flights',
  ModelVariants: [variant('AllTraffic', 'one'), variant('Shadow', 'two')],
  ShadowModeConfig: {
    SourceModelVariantName: 'AllTraffic',
    ShadowModelVariants: [{ ShadowModelVariantName: 'Shadow', SamplingPercentage: 20 }],
  },
} satisfies JsonObject;
const create = (more: JsonObject = {}) => act('CreateInferenceExperiment', { ...REQUEST, ...more });
const becomes = (status: string) =>
  until(async () => {
    const described = await act('DescribeInferenceExperiment');
    return described.Status === status ? described : undefined;
  });
const stop = (Shadow: string, AllTraffic = 'Retain', more: JsonObject = {}) =>
  act('StopInferenceExperiment', { ModelVariantActions: { AllTraffic, Shadow }, ...more });

describe('a shadow test', () => {
  test('that has not begun can be changed, and one that runs can end at another time', async () => {
    const Schedule = { StartTime: '2026-01-03T00:00:00.000Z', EndTime: '2026-01-05T00:00:00.000Z' };
    await create({ Schedule });
    const ShadowModelVariants = [{ ShadowModelVariantName: 'Shadow', SamplingPercentage: 60 }];
    await act('UpdateInferenceExperiment', {
      Description: 'more of it',
      ShadowModeConfig: { SourceModelVariantName: 'AllTraffic', ShadowModelVariants },
    });
    expect(await act('DescribeInferenceExperiment')).toMatchObject({
      Status: 'Created',
      Description: 'more of it',
      Schedule,
    });
    seconds = DAY;
    await service.resume();
    await becomes('Running');
    expect(configs.get(updates[0] ?? '')).toMatchObject({ ShadowProductionVariants: [{ InitialVariantWeight: 0.6 }] });
    await act('UpdateInferenceExperiment', { Schedule: { EndTime: '2026-01-04T00:00:00.000Z' } });
    expect(await act('DescribeInferenceExperiment')).toMatchObject({
      Schedule: { StartTime: Schedule.StartTime, EndTime: '2026-01-04T00:00:00.000Z' },
    });
    await expect(act('UpdateInferenceExperiment', { ModelVariants: [] })).rejects.toThrow(
      'stays while the experiment runs',
    );
    await expect(
      act('UpdateInferenceExperiment', { Schedule: { EndTime: '2026-01-01T00:00:00.000Z' } }),
    ).rejects.toThrow('must end in the future');
    seconds = 2 * DAY;
    await service.resume();
    await becomes('Completed');
    await expect(act('UpdateInferenceExperiment', { Description: 'too late' })).rejects.toThrow(
      'it must be Running, got Completed',
    );
  });

  test('gives the endpoint a shadow at once and for seven days, and then what it had', async () => {
    await create();
    const running = await becomes('Running');
    expect(running).toMatchObject({
      EndpointMetadata: { EndpointName: 'flights', EndpointStatus: 'InService' },
      Schedule: { StartTime: '2026-01-02T00:00:00.000Z', EndTime: '2026-01-09T00:00:00.000Z' },
      ModelVariants: [{ VariantName: 'AllTraffic', Status: 'InService' }, { VariantName: 'Shadow' }],
    });
    expect(configs.get(updates[0] ?? '')).toMatchObject({
      KmsKeyId: 'key',
      DataCaptureConfig: { EnableCapture: true },
      ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'one', InitialVariantWeight: 1 }],
      ShadowProductionVariants: [{ VariantName: 'Shadow', ModelName: 'two', InitialVariantWeight: 0.2 }],
    });
    seconds = 7 * DAY - 1;
    await service.resume();
    expect((await act('DescribeInferenceExperiment')).Status).toBe('Running');
    seconds += 1;
    await becomes('Completed');
    expect(endpoint.EndpointConfigName).toBe('before');
    expect([...configs.keys()]).toEqual(['before']);
  });

  test.each([
    ['Remove', 'Retain', 'before'],
    ['Retain', 'Retain', expect.stringMatching(/^test-[0-9a-f]{8}$/)],
    ['Promote', 'Remove', expect.stringMatching(/^test-[0-9a-f]{8}-promoted$/)],
  ])('that is stopped with %s of the shadow leaves the endpoint so', async (shadow, source, config) => {
    await create();
    await becomes('Running');
    await stop(shadow, source, { DesiredState: 'Cancelled', Reason: 'enough' });
    expect(await becomes('Cancelled')).toMatchObject({ StatusReason: 'enough', CompletionTime: expect.any(String) });
    expect(endpoint.EndpointConfigName).toEqual(config);
    const promoted = [{ VariantName: 'Shadow', ModelName: 'two', InitialVariantWeight: 1 }];
    const production = [{ VariantName: 'AllTraffic', ModelName: 'one' }];
    expect(configs.get(endpoint.EndpointConfigName as string)?.ProductionVariants ?? production).toMatchObject(
      shadow === 'Promote' ? promoted : production,
    );
  });

  test('waits for its time, and can be started before it or called off', async () => {
    const Schedule = { StartTime: '2026-01-03T00:00:00.000Z', EndTime: '2026-01-04T00:00:00.000Z' };
    await create({ Schedule });
    await create({ Schedule, Name: 'other' });
    await create({ Schedule, Name: 'third' });
    expect((await act('DescribeInferenceExperiment')).Status).toBe('Created');
    await stop('Remove', 'Retain', { Name: 'third' });
    expect((await act('DescribeInferenceExperiment', { Name: 'third' })).Status).toBe('Cancelled');
    expect(updates).toEqual([]);
    await act('StartInferenceExperiment');
    await becomes('Running');
    await expect(act('StartInferenceExperiment')).rejects.toMatchObject({ code: 'ConflictException' });
  });

  test('whose models do not start ends with the reason', async () => {
    outcome = 'Failed';
    await create();
    expect(await becomes('Cancelled')).toMatchObject({
      StatusReason: 'endpoint flights is Failed, got no such column',
    });
  });

  test('that a program leaves half-way is taken up by the next', async () => {
    await create();
    await service.close();
    expect((await act('DescribeInferenceExperiment')).Status).toBe('Starting');
    begin();
    await service.resume();
    await becomes('Running');
    await stop('Promote', 'Remove');
    await service.close();
    begin();
    await service.resume();
    await becomes('Completed');
    expect(configs.get(endpoint.EndpointConfigName as string)).toMatchObject({
      ProductionVariants: [{ VariantName: 'Shadow' }],
    });
    // Each of the two configurations was deployed, however often it was asked for.
    expect(new Set(updates).size).toBe(2);
  });

  test('ends later if that can not be written down at its time', async () => {
    await create();
    await becomes('Running');
    const inTheWay = join(directory, 'inference-experiments', `test.json.${process.pid}.draft`);
    mkdirSync(inTheWay);
    seconds = 7 * DAY;
    await until(() => messages.length > 0 || undefined);
    expect(messages).toEqual([expect.stringContaining('inference experiments: EISDIR')]);
    expect((await act('DescribeInferenceExperiment')).Status).toBe('Running');
    rmSync(inTheWay, { recursive: true });
    await becomes('Completed');
  });

  test('that a power cut has damaged is set aside, told, and lets the program start', async () => {
    await create();
    await becomes('Running');
    await service.close();
    truncateSync(join(directory, 'inference-experiments', 'test.json'), 20);
    begin();
    await service.resume();
    expect(messages).toEqual([expect.stringMatching(/test\.json\.unreadable: can't be read and was set aside/)]);
    expect(await act('ListInferenceExperiments')).toEqual({ InferenceExperiments: [] });
  });

  test('captures what it is told to', async () => {
    await create({ DataStorageConfig: { Destination: 's3://bucket/here' } });
    await becomes('Running');
    expect(configs.get(updates[0] ?? '')).toMatchObject({
      DataCaptureConfig: { InitialSamplingPercentage: 100, DestinationS3Uri: 's3://bucket/here' },
    });
  });

  const shadows = (...percents: number[]) => ({
    ShadowModeConfig: {
      SourceModelVariantName: 'AllTraffic',
      ShadowModelVariants: percents.map((SamplingPercentage) => ({
        ShadowModelVariantName: 'Shadow',
        SamplingPercentage,
      })),
    },
  });
  test.each<[JsonObject, string]>([
    [shadows(101), 'SamplingPercentage: must be a whole number from 0 to 100, got 101'],
    [shadows(-1), 'got -1'],
    [shadows(0.5), 'got 0.5'],
    [shadows(), 'must be one variant, got 0'],
    [shadows(1, 2), 'must be one variant, got 2'],
    [{ ModelVariants: [variant('AllTraffic', 'one')] }, 'has no variant Shadow'],
    [
      { ModelVariants: [...REQUEST.ModelVariants, variant('Third', 'one')] },
      'must be the production variant and its shadow',
    ],
    [{ ModelVariants: [variant('AllTraffic', 'one'), variant('Shadow', 'none')] }, 'Could not find model'],
    [{ Type: 'Other' }, 'Type: must be ShadowMode, got Other'],
    [{ EndpointName: 'none' }, 'Could not find endpoint'],
    [{ Schedule: { EndTime: '2026-02-01T00:00:01.000Z' } }, 'at most 30 days after its start'],
    [{ Schedule: { EndTime: '2026-01-02T00:00:00.000Z' } }, 'must end in the future'],
  ])('is refused with %j', async (more, message) => {
    await expect(create(more)).rejects.toThrow(message);
    expect(await act('ListInferenceExperiments')).toEqual({ InferenceExperiments: [] });
  });

  test('of the bounds is taken', async () => {
    await create({ ...shadows(0), Schedule: { EndTime: '2026-02-01T00:00:00.000Z' } });
    await becomes('Running');
    await expect(create()).rejects.toThrow('Cannot create already existing inference experiment');
  });

  test.each([
    [{ AllTraffic: 'Promote' }, 'AllTraffic answers already'],
    [{ AllTraffic: 'Remove', Shadow: 'Remove' }, 'AllTraffic can only be removed when Shadow is promoted'],
    [{ AllTraffic: 'Retain', Shadow: 'Promote' }, 'Shadow takes the place of AllTraffic'],
    [{ Third: 'Remove' }, 'the experiment has AllTraffic and Shadow, got Third'],
  ])('is not stopped with %j', async (ModelVariantActions, message) => {
    await create();
    await becomes('Running');
    await expect(act('StopInferenceExperiment', { ModelVariantActions })).rejects.toThrow(message);
    expect((await act('DescribeInferenceExperiment')).Status).toBe('Running');
  });
});
