import type { JsonObject } from '../../../../../core/json';
import type { Invocation } from '../../../../../local/sagemaker/api/invocation';
import {
  type ComponentService,
  createComponentService,
} from '../../../../../local/sagemaker/inference-component/component-service';
import type { MetricDatum } from '../../../../../local/sagemaker/metric-publisher';
import { FakeService, until } from '../endpoint/fake-service';
import { IMAGE, modelArchive } from '../model-server/fake-image';

// Real processes on a machine that may be busy.
const ENDPOINT = 'dev-flight-delay';
const COMPONENT = 'dev-flight-delay';
const published: MetricDatum[] = [];

let fake: FakeService;
let service: ComponentService;
const options = { speed: 1_200, stopGraceSeconds: 2, publishIntervalSeconds: 3_600 };

beforeEach(async () => {
  published.length = 0;
  fake = new FakeService(options, { metrics: { publish: async (_, data) => void published.push(...data) } });
  fake.alarms.set('errors', 'OK');
  service = createComponentService(fake.context, call, fake.service.operations, options);
  fake.record('DescribeEndpointConfig', 'hosts', {
    ProductionVariants: [{ VariantName: 'AllTraffic', InitialInstanceCount: 2, InstanceType: 'ml.m5.large' }],
  });
  await fake.do('CreateEndpoint', { EndpointConfigName: 'hosts' });
  await fake.settled();
});
afterEach(async () => {
  await service.close();
  await fake.end();
});

async function call(action: string, input: JsonObject): Promise<JsonObject> {
  const operation = service.operations[action] ?? fake.service.operations[action];
  return operation ? operation(input) : fake.call(action, input);
}

async function model(name: string, behaviour: object = {}): Promise<JsonObject> {
  const uri = `s3://models/${name}.tar.gz`;
  await fake.context.storage.write(uri, await modelArchive({ version: name, ...behaviour }));
  fake.record('DescribeModel', name, { PrimaryContainer: { Image: IMAGE, ModelDataUrl: uri } });
  return {
    ModelName: name,
    ComputeResourceRequirements: { NumberOfCpuCoresRequired: 1, MinMemoryRequiredInMb: 512 },
    StartupParameters: { ContainerStartupHealthCheckTimeoutInSeconds: 60 },
  };
}

async function create(Specification: JsonObject, CopyCount = 2, more: JsonObject = {}): Promise<JsonObject> {
  await call('CreateInferenceComponent', {
    InferenceComponentName: COMPONENT,
    EndpointName: ENDPOINT,
    VariantName: 'AllTraffic',
    Specification,
    RuntimeConfig: { CopyCount },
    ...more,
  });
  return settled();
}

const describeComponent = () => call('DescribeInferenceComponent', { InferenceComponentName: COMPONENT });
const update = (input: JsonObject) => call('UpdateInferenceComponent', { InferenceComponentName: COMPONENT, ...input });

async function settled(): Promise<JsonObject> {
  return until(async () => {
    const description = await describeComponent();
    return ['Creating', 'Updating'].includes(description.InferenceComponentStatus as string) ? undefined : description;
  });
}

async function ask(more: Partial<Invocation> = {}): Promise<string> {
  const invocation = { endpointName: ENDPOINT, body: Buffer.from('{}'), contentType: 'application/json', ...more };
  return (JSON.parse((await service.invoke(COMPONENT, invocation)).body.toString()) as { version: string }).version;
}

const rolling = (Value: number, WaitIntervalInSeconds = 120): JsonObject => ({
  RollingUpdatePolicy: {
    MaximumBatchSize: { Type: 'COPY_COUNT', Value },
    WaitIntervalInSeconds,
  },
  AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
});

describe('an inference component', () => {
  test('is so many copies of a model on an endpoint, asked under its name', async () => {
    const specification = await model('one');
    expect(await create(specification)).toMatchObject({
      InferenceComponentStatus: 'InService',
      EndpointName: ENDPOINT,
      VariantName: 'AllTraffic',
      Specification: specification,
      RuntimeConfig: { DesiredCopyCount: 2, CurrentCopyCount: 2 },
    });
    expect(await ask()).toBe('one');
    expect(await fake.describe()).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ CurrentInstanceCount: 2, DesiredInstanceCount: 2 }],
    });
  });

  test('takes the only variant of its endpoint where none is named, and may bring its container itself', async () => {
    await fake.context.storage.write('s3://models/own.tar.gz', await modelArchive({ version: 'own' }));
    const Container = { Image: IMAGE, ArtifactUrl: 's3://models/own.tar.gz' };
    expect(await create({ Container }, 1, { VariantName: undefined })).toMatchObject({
      VariantName: 'AllTraffic',
      Specification: { Container: { ...Container, DeployedImage: { ResolvedImage: IMAGE } } },
    });
    expect(await ask()).toBe('own');
  });

  test('changes its number of copies without a new version', async () => {
    await create(await model('one'), 1);
    await call('UpdateInferenceComponentRuntimeConfig', {
      InferenceComponentName: COMPONENT,
      DesiredRuntimeConfig: { CopyCount: 3 },
    });
    expect(await settled()).toMatchObject({ RuntimeConfig: { DesiredCopyCount: 3, CurrentCopyCount: 3 } });
    await update({ RuntimeConfig: { CopyCount: 1 } });
    expect(await settled()).toMatchObject({ RuntimeConfig: { DesiredCopyCount: 1, CurrentCopyCount: 1 } });
    await update({ Specification: await model('one'), RuntimeConfig: { CopyCount: 1 } });
    expect((await describeComponent()).InferenceComponentStatus).toBe('InService');
  });

  test('is updated batch by batch, and no request fails meanwhile', async () => {
    await create(await model('one'));
    const state = { on: true };
    const failures: unknown[] = [];
    const answers: string[] = [];
    const load = (async () => {
      while (state.on)
        await ask().then(
          (version) => answers.push(version),
          (error: unknown) => failures.push(error),
        );
    })();
    await update({ Specification: await model('two'), DeploymentConfig: rolling(1) });
    expect((await describeComponent()).InferenceComponentStatus).toBe('Updating');
    expect(await settled()).toMatchObject({
      InferenceComponentStatus: 'InService',
      Specification: { ModelName: 'two' },
      RuntimeConfig: { CurrentCopyCount: 2 },
      LastDeploymentConfig: { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'COPY_COUNT', Value: 1 } } },
    });
    state.on = false;
    await load;
    expect(failures).toEqual([]);
    expect(answers).toContain('one');
    expect(await ask()).toBe('two');
    expect(service.deploymentsOf(COMPONENT)?.deployments[0]).toMatchObject({
      strategy: 'ROLLING',
      outcome: 'Succeeded',
    });
  });

  test('goes back to what served when an alarm goes off, and so does a later program', async () => {
    await create(await model('one'));
    await update({ Specification: await model('two'), DeploymentConfig: rolling(1, 3_600) });
    await until(
      () =>
        service.deploymentsOf(COMPONENT)?.deployments[0]?.events.find(({ greenPercent }) => greenPercent === 50) ??
        undefined,
    );
    fake.alarms.set('errors', 'ALARM');
    expect(await settled()).toMatchObject({
      InferenceComponentStatus: 'InService',
      FailureReason: expect.stringContaining('[errors]'),
      Specification: { ModelName: 'one' },
    });
    await service.close();
    service = createComponentService(fake.context, call, fake.service.operations, options);
    await service.resume();
    expect(await settled()).toMatchObject({ Specification: { ModelName: 'one' } });
    expect(await ask()).toBe('one');
  });

  test('that never answers fails with the reason', async () => {
    expect(await create(await model('bad', { exit: 3 }), 1)).toMatchObject({
      InferenceComponentStatus: 'Failed',
      FailureReason: expect.stringContaining('exit code 3'),
    });
  });

  test('measures under its own name, as its alarms look for it', async () => {
    await create(await model('one'), 1);
    await ask();
    await service.close();
    const own = published.filter(({ dimensions }) => 'InferenceComponentName' in dimensions);
    expect(own.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Invocations', 'InvocationsPerCopy', 'ModelLatency']),
    );
    expect(own.map(({ dimensions }) => dimensions)).toContainEqual({ InferenceComponentName: COMPONENT });
    expect(published.filter(({ name }) => name === 'Invocations')).toHaveLength(1);
  });

  test('is listed, and deleted before its endpoint', async () => {
    await create(await model('one'), 1);
    expect(await call('ListInferenceComponents', { EndpointNameEquals: ENDPOINT })).toMatchObject({
      InferenceComponents: [{ InferenceComponentName: COMPONENT, InferenceComponentStatus: 'InService' }],
    });
    expect(await call('ListInferenceComponents', { EndpointNameEquals: 'other' })).toMatchObject({
      InferenceComponents: [],
    });
    await expect(call('DeleteEndpoint', { EndpointName: ENDPOINT })).rejects.toThrow(
      `inference components are on it, ${COMPONENT}; delete them first`,
    );
    await call('DeleteInferenceComponent', { InferenceComponentName: COMPONENT });
    await until(() =>
      describeComponent().then(
        () => undefined,
        () => true,
      ),
    );
    await expect(describeComponent()).rejects.toThrow('Could not find inference component');
    await call('DeleteEndpoint', { EndpointName: ENDPOINT });
  });

  test.each([
    ['no model and no container', {}, {}, 'give one of ModelName and Container'],
    ['no copy', { ModelName: 'one' }, { RuntimeConfig: { CopyCount: 0 } }, 'must be 1 or more on this machine, got 0'],
    [
      'a variant that is not there',
      { ModelName: 'one' },
      { VariantName: 'Other' },
      'has no variant Other for components',
    ],
    [
      'what this machine lacks',
      { BaseInferenceComponentName: 'base' },
      {},
      "BaseInferenceComponentName: the local SageMaker doesn't",
    ],
  ])('is refused with %s, and nothing is left of it', async (_, specification, more, message) => {
    await model('one');
    await expect(create(specification, 1, more)).rejects.toThrow(message);
    await expect(describeComponent()).rejects.toThrow('Could not find inference component');
  });

  test('is refused on an endpoint that has models of its own, and asked there by nobody else', async () => {
    await fake.do('CreateEndpoint', { EndpointName: 'models', EndpointConfigName: await fake.config('own') });
    await until(
      async () =>
        (await call('DescribeEndpoint', { EndpointName: 'models' })).EndpointStatus === 'InService' || undefined,
    );
    await expect(create(await model('one'), 1, { EndpointName: 'models' })).rejects.toThrow(
      'takes no inference components',
    );
    await expect(fake.invoke()).rejects.toThrow('name one by InferenceComponentName');
    await create(await model('one'), 1);
    await expect(create(await model('one'), 1)).rejects.toThrow('Cannot create already existing inference component');
    await expect(ask({ endpointName: 'models' })).rejects.toThrow('not found on endpoint models');
  });
});
