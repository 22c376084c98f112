import type { JsonObject } from '../../../../../core/json';
import type { MetricDatum } from '../../../../../local/sagemaker/metric-publisher';
import { FakeService, NAME, until, type Wanted } from './fake-service';

// Real processes on a machine that may be busy.
const data: MetricDatum[] = [];
let fake: FakeService;
beforeEach(() => {
  data.length = 0;
  fake = new FakeService(
    { publishIntervalSeconds: 0.02 },
    { metrics: { publish: async (_, given) => void data.push(...given) } },
  );
});
afterEach(() => fake.end());

async function create(shadow: Wanted = {}, production: Wanted = {}, more: JsonObject = {}): Promise<JsonObject> {
  const EndpointConfigName = await fake.shadowConfig('one', production, shadow, more);
  await fake.do('CreateEndpoint', { EndpointConfigName });
  return fake.settled();
}

/** Sum of a metric of a variant so far. */
function sum(name: string, variant: string): number {
  return (
    data
      .filter(({ name: metric, dimensions }) => metric === name && dimensions.VariantName === variant)
      // Every invocation is there once more for the fleet of its configuration.
      .filter(({ dimensions }) => dimensions.EndpointConfigName === undefined)
      .flatMap(({ values }) => [...values].map(([value, count]) => value * count))
      .reduce((total, value) => total + value, 0)
  );
}

/** @param copies that have ended */
const copied = (copies: number) => until(() => sum('Invocations', 'Shadow') === copies || undefined);

describe('a shadow variant', () => {
  test('is described beside the production variant, which answers all requests, and gets its share of copies', async () => {
    expect(await create({ weight: 0.5 })).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ VariantName: 'AllTraffic', CurrentInstanceCount: 1 }],
      ShadowProductionVariants: [{ VariantName: 'Shadow', CurrentInstanceCount: 1 }],
    });
    const pids = new Set<number>();
    for (let request = 0; request < 4; request += 1) pids.add((await fake.invoke()).pid);
    expect(pids.size).toBe(1);
    await until(() => sum('Invocations', 'AllTraffic') === 4 || undefined);
    await copied(2);
  });

  test('that is slow delays nothing', async () => {
    await create();
    const { pid } = await fake.invoke();
    await copied(1);
    const shadow = fake.processes.find((other) => other !== pid) as number;
    process.kill(shadow, 'SIGSTOP');
    for (let request = 0; request < 3; request += 1) await fake.invoke();
    expect(sum('Invocations', 'Shadow')).toBe(1);
    process.kill(shadow, 'SIGCONT');
    await copied(4);
  });

  test('that fails does so in its own metrics only', async () => {
    await create();
    await fake.invoke();
    await copied(1);
    const [production] = ((await fake.describe()).ProductionVariants as readonly JsonObject[]) ?? [];
    const { pid } = await fake.invoke();
    await copied(2);
    const shadow = fake.processes.find((other) => other !== pid) as number;
    process.kill(shadow, 'SIGSTOP');
    await fake.invoke();
    process.kill(shadow, 'SIGKILL');
    await copied(3);
    expect(sum('Invocation5XXErrors', 'Shadow')).toBe(1);
    expect(sum('Invocation5XXErrors', 'AllTraffic')).toBe(0);
    expect(production).toMatchObject({ CurrentInstanceCount: 1 });
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'InService' });
  });

  test('that does not start keeps an endpoint from being created, but not from serving after a restart', async () => {
    expect(await create({ behaviour: { exit: 3 } })).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining('Shadow'),
    });
    await fake.do('DeleteEndpoint');
    await until(() =>
      fake.describe().then(
        () => undefined,
        () => true,
      ),
    );
    await create();
    await fake.service.close();
    await fake.context.storage.write('s3://models/one-1.tar.gz', 'rubbish');
    fake.begin();
    await fake.service.resume();
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
    expect((await fake.settled()).EndpointStatus).toBe('InService');
  });

  test('has its answers captured under its own name', async () => {
    const capture = {
      InitialSamplingPercentage: 100,
      DestinationS3Uri: 's3://capture/here',
      CaptureOptions: [{ CaptureMode: 'InputAndOutput' }],
    };
    await create({}, {}, { DataCaptureConfig: capture });
    await fake.invoke();
    const prefix = (variant: string) => `s3://capture/here/${NAME}/${variant}/`;
    await until(async () => (await fake.context.storage.list(prefix('Shadow'))).length > 0 || undefined);
    expect(await fake.context.storage.list(prefix('AllTraffic'))).toHaveLength(1);
  });

  test('can be given another share and more instances, and goes with its fleet', async () => {
    await create({ weight: 0 });
    await fake.do('UpdateEndpointWeightsAndCapacities', {
      DesiredWeightsAndCapacities: [{ VariantName: 'Shadow', DesiredWeight: 1, DesiredInstanceCount: 2 }],
    });
    expect(await fake.settled()).toMatchObject({
      ShadowProductionVariants: [{ CurrentWeight: 1, CurrentInstanceCount: 2 }],
    });
    await fake.invoke();
    await copied(1);
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two') });
    expect(await fake.settled()).not.toHaveProperty('ShadowProductionVariants', expect.anything());
    expect(fake.processes).toHaveLength(1);
  });
});
