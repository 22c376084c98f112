import type { MetricDatum } from '../../../../../local/sagemaker/metric-publisher';
import { FakeService, until } from './fake-service';

// Real processes on a machine that may be busy.
const data: MetricDatum[] = [];
let fake: FakeService;
beforeEach(() => {
  data.length = 0;
  fake = new FakeService(
    { serverlessIdleSeconds: 3_600 },
    { metrics: { publish: async (_, given) => void data.push(...given) } },
  );
});
afterEach(() => fake.end());

const serverless = { MemorySizeInMB: 1024, MaxConcurrency: 2 };
const create = (more = {}, behaviour = {}) =>
  fake.create([{ serverless: { ...serverless, ...more }, behaviour }]) as Promise<{ [name: string]: unknown }>;
const scale = (desired: { [name: string]: number | { [name: string]: number } }) =>
  fake.do('UpdateEndpointWeightsAndCapacities', {
    DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', ...desired }],
  });

/** Puts a service with another patience in place of the one that was made. */
async function idleAfter(serverlessIdleSeconds: number): Promise<void> {
  await fake.end();
  fake = new FakeService(
    { serverlessIdleSeconds },
    { metrics: { publish: async (_, given) => void data.push(...given) } },
  );
}

describe('a serverless endpoint', () => {
  test('is in service without a process, and is described by its concurrency', async () => {
    const described = await create();
    expect(described).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [
        { VariantName: 'AllTraffic', CurrentServerlessConfig: serverless, DesiredServerlessConfig: serverless },
      ],
    });
    expect(described.ProductionVariants).not.toMatchObject([{ CurrentInstanceCount: expect.anything() }]);
    expect(fake.processes).toEqual([]);
  });

  test('starts its server for the first request, and measures the cold start apart from the model', async () => {
    await create({}, { startSeconds: 0.2 });
    const first = await fake.invoke();
    const second = await fake.invoke();
    expect(second.pid).toBe(first.pid);
    await fake.service.close();
    const values = (name: string) => [...(data.find((datum) => datum.name === name)?.values.keys() ?? [])];
    expect(values('ModelSetupTime')).toEqual([expect.any(Number)]);
    const setup = values('ModelSetupTime')[0] ?? 0;
    expect(setup).toBeGreaterThan(200_000);
    expect(Math.max(...values('OverheadLatency'))).toBeGreaterThan(200_000);
    // Below what the start took, however busy the machine is: a start is far more work than an answer.
    expect(Math.max(...values('ModelLatency'))).toBeLessThan(setup);
    expect(values('ServerlessConcurrentExecutionsUtilization')).toEqual([0.5]);
    expect(values('InvocationsPerInstance')).toEqual([]);
  });

  test('starts one server for requests that come together, and throttles those above its limit', async () => {
    await create();
    const outcomes = await Promise.allSettled([fake.invoke(), fake.invoke(), fake.invoke()]);
    const answered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.pid] : []));
    expect(answered).toHaveLength(2);
    expect(new Set(answered).size).toBe(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'ThrottlingException', statusCode: 400 },
    });
    // A request that has ended makes room, whatever came of it.
    await expect(fake.invoke({ status: 500 })).rejects.toMatchObject({ code: 'ModelError' });
    await Promise.all([fake.invoke(), fake.invoke()]);
  });

  test('goes down to nothing when it is idle, and comes back', async () => {
    await idleAfter(0.1);
    await create();
    const { pid } = await fake.invoke();
    await until(() => fake.processes.length === 0 || undefined);
    expect((await fake.describe()).EndpointStatus).toBe('InService');
    expect((await fake.invoke()).pid).not.toBe(pid);
  });

  test('never goes down under a request', async () => {
    await idleAfter(0.05);
    await create();
    const { pid } = await fake.invoke({ sleep: 0.2 });
    expect(pid).toEqual(expect.any(Number));
  });

  test('with provisioned concurrency is warm from the start, and stays so', async () => {
    await idleAfter(0.05);
    await create({ ProvisionedConcurrency: 1 });
    const [warm] = fake.processes;
    expect((await fake.invoke()).pid).toBe(warm);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fake.processes).toEqual([warm]);
    await fake.service.close();
    expect(data.map(({ name }) => name)).not.toContain('ModelSetupTime');
  });

  test('answers again after its server has ended by itself', async () => {
    await create();
    await expect(fake.invoke({ exit: 3 })).rejects.toMatchObject({ code: 'ModelError' });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
  });

  test('is not created with a model that does not start', async () => {
    expect(await create({}, { exit: 3 })).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining('no such column'),
    });
  });

  test('says that it is not ready when its server does not start any more', async () => {
    await create();
    await fake.context.storage.write('s3://models/one-0.tar.gz', 'rubbish');
    await expect(fake.invoke()).rejects.toMatchObject({ code: 'ModelNotReadyException', statusCode: 429 });
    expect(fake.processes).toEqual([]);
  });

  test('takes other concurrency without a new fleet', async () => {
    await create();
    await scale({ ServerlessUpdateConfig: { MaxConcurrency: 1, ProvisionedConcurrency: 1 } });
    expect(await fake.settled()).toMatchObject({
      ProductionVariants: [
        { CurrentServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1, ProvisionedConcurrency: 1 } },
      ],
    });
    expect(fake.processes).toHaveLength(1);
    const outcomes = await Promise.allSettled([fake.invoke(), fake.invoke()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test('refuses a change that it could not have been created with', async () => {
    await create();
    const refused: readonly (readonly [Parameters<typeof scale>[0], string])[] = [
      [{ DesiredInstanceCount: 2 }, 'is serverless and has no instances'],
      [{ ServerlessUpdateConfig: { MaxConcurrency: 0 } }, 'MaxConcurrency must be a whole number from 1 to 200, got 0'],
      [{ ServerlessUpdateConfig: { MaxConcurrency: 201 } }, 'from 1 to 200, got 201'],
      [{ ServerlessUpdateConfig: { MaxConcurrency: 1.5 } }, 'from 1 to 200, got 1.5'],
      [{ ServerlessUpdateConfig: { ProvisionedConcurrency: 3 } }, 'must be at most MaxConcurrency, got 3 and 2'],
    ];
    for (const [desired, message] of refused) await expect(scale(desired)).rejects.toThrow(message);
    await scale({ ServerlessUpdateConfig: { MaxConcurrency: 200 } });
    await fake.settled();
  });

  test('takes a new model, and requests under way end on the old one', async () => {
    await create();
    const slow = fake.invoke({ sleep: 0.6 });
    await until(() => fake.processes.length === 1 || undefined);
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two', [{ serverless }]) });
    expect(await fake.settled()).toMatchObject({ EndpointConfigName: 'two' });
    expect((await slow).version).toBe('one');
    expect(await fake.invoke()).toMatchObject({ version: 'two' });
  });

  test('can become one with instances, but not the other way', async () => {
    await create();
    await fake.do('UpdateEndpoint', {
      EndpointConfigName: await fake.config('two'),
      RetainAllVariantProperties: true,
    });
    expect(await fake.settled()).toMatchObject({ ProductionVariants: [{ CurrentInstanceCount: 1 }] });
    expect(await fake.invoke()).toMatchObject({ version: 'two' });
    const serverlessAgain = await fake.config('three', [{ serverless }]);
    await expect(fake.do('UpdateEndpoint', { EndpointConfigName: serverlessAgain })).rejects.toThrow(
      "An endpoint with instances can't become serverless, got instances of AllTraffic",
    );
  });

  test('is cold again after a restart of the program', async () => {
    await create();
    await fake.invoke();
    await fake.service.close();
    fake.begin();
    await fake.service.resume();
    expect(fake.processes).toEqual([]);
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
  });
});
