import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { identify } from '../../../../../local/container/process-identity';
import type { EndpointServiceOptions } from '../../../../../local/sagemaker/endpoint/endpoint-service';
import { FakeService, NAME, until } from './fake-service';

// Real processes on a machine that may be busy.
let fake: FakeService;
let child: ChildProcess | undefined;
afterEach(async () => {
  child?.kill('SIGKILL');
  await fake.end();
});

function running(pids: readonly number[]): number[] {
  return pids.filter((pid) => identify(pid) !== undefined);
}

/** Runs a program on a state of its own and kills it. @returns what takes its place, and its orphans */
async function killed(
  what: 'serve' | 'update' | 'create' | 'shift',
  servers: number,
  options: EndpointServiceOptions = {},
): Promise<number[]> {
  const directory = mkdtempSync(join(tmpdir(), 'mlops-endpoint-'));
  const program = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'program.ts'), directory, what], {
    cwd: resolve(__dirname, '../../../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = program;
  await new Promise<void>((done, failed) => {
    program.stdout.once('data', () => done());
    program.once('exit', () => failed(new Error('the program ended')));
  });
  fake = new FakeService(options, {}, directory);
  await until(() => running(fake.processes).length === servers || undefined);
  const orphans = fake.processes;
  program.kill('SIGKILL');
  await new Promise((done) => program.once('exit', done));
  await fake.config('one', [{ instances: 2 }]);
  expect(running(orphans)).toHaveLength(servers);
  return orphans;
}

describe('after kill -9 of the program', () => {
  test('the next one ends the orphans and serves the same endpoint', async () => {
    const orphans = await killed('serve', 2);
    await fake.service.resume();
    expect(running(orphans)).toEqual([]);
    // It is answered as soon as a server is there: nobody has to wait for a status.
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'one' });
    // The second instance may come a moment later.
    const instances = async () => (await fake.describe()).ProductionVariants;
    expect(
      await until(async () => (JSON.stringify(await instances()).includes('"CurrentInstanceCount":2') ? 2 : undefined)),
    ).toBe(2);
    expect(running(fake.processes)).toHaveLength(2);
  });

  test('in an update the next one serves the old fleet and then ends the update', async () => {
    await killed('update', 3);
    await fake.config('two', [{ behaviour: { startSeconds: 0.3 } }]);
    await fake.service.resume();
    expect(await fake.describe()).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'one',
      PendingDeploymentSummary: { EndpointConfigName: 'two' },
    });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    expect(await fake.invoke()).toMatchObject({ version: 'two' });
    expect(running(fake.processes)).toHaveLength(1);
  });

  test('in an update that can not be ended any more the old fleet stays', async () => {
    await killed('update', 3);
    await fake.service.resume();
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'one',
      FailureReason: 'Could not find two',
    });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
  });

  test('in the bake of a canary the next one serves at once, bakes it anew and ends the shift', async () => {
    await killed('shift', 3, { speed: 1_000 });
    await fake.config('two');
    await fake.service.resume();
    // Nobody has to wait for the new fleet: the old one answers until it is there.
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'one' });
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    expect(await fake.invoke()).toMatchObject({ version: 'two' });
    const [deployment] = fake.service.deploymentsOf(NAME)?.deployments ?? [];
    expect(deployment).toMatchObject({ outcome: 'Succeeded' });
    expect(deployment?.events.map(({ stage }) => stage).filter((stage) => stage === 'Creating')).toHaveLength(2);
  });

  test('in the bake of a canary whose new fleet does not start any more the old one stays', async () => {
    await killed('shift', 3);
    await fake.config('two', [{ behaviour: { exit: 3 } }]);
    await fake.service.resume();
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'one' });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
    expect(fake.service.deploymentsOf(NAME)?.deployments[0]).toMatchObject({ outcome: 'RolledBack' });
  });

  test('in a creation the next one creates the endpoint', async () => {
    await killed('create', 3);
    await fake.config('two', [{}]);
    await fake.service.resume();
    await until(
      async () =>
        (await fake.do('DescribeEndpoint', { EndpointName: 'second' })).EndpointStatus === 'InService' || undefined,
    );
    expect(await fake.invoke({}, { endpointName: 'second' })).toMatchObject({ version: 'two' });
  });
});

describe('a program that ends in order', () => {
  beforeEach(() => {
    fake = new FakeService();
  });

  test('leaves no process, and the next one serves the same endpoint without its records or S3', async () => {
    await fake.create([{ instances: 2 }]);
    const old = fake.processes;
    await fake.service.close();
    expect(running(old)).toEqual([]);
    fake.begin();
    fake.context.storage.list = () => Promise.reject(new Error('connect ECONNREFUSED'));
    await fake.service.resume();
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService' });
  });

  test('in the middle of an update leaves it to the next one', async () => {
    await fake.create();
    await fake.do('UpdateEndpoint', {
      EndpointConfigName: await fake.config('two', [{ behaviour: { startSeconds: 60 } }]),
    });
    await until(() => fake.processes.length === 2 || undefined);
    const old = fake.processes;
    await fake.service.close();
    expect(running(old)).toEqual([]);
    await fake.config('two');
    fake.begin();
    await fake.service.resume();
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
  });

  test('keeps weights and counts that were changed', async () => {
    await fake.create();
    await fake.do('UpdateEndpointWeightsAndCapacities', {
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredWeight: 7, DesiredInstanceCount: 2 }],
    });
    await fake.settled();
    await fake.service.close();
    fake.begin();
    await fake.service.resume();
    await fake.invoke();
    expect(await fake.settled()).toMatchObject({ ProductionVariants: [{ CurrentWeight: 7, DesiredInstanceCount: 2 }] });
  });
});

describe('an endpoint whose servers do not start again', () => {
  beforeEach(async () => {
    fake = new FakeService();
    await fake.create();
    await fake.service.close();
    await fake.context.storage.write('s3://models/one-0.tar.gz', 'rubbish');
    fake.begin();
    await fake.service.resume();
    await until(async () => (await fake.describe()).EndpointStatus === 'OutOfService' || undefined);
  });

  test('is OutOfService with the reason, and InService as soon as they do', async () => {
    expect(await fake.describe()).toMatchObject({
      FailureReason: expect.stringContaining("can't unpack the model archive"),
    });
    await expect(fake.invoke()).rejects.toMatchObject({ code: 'ServiceUnavailable', statusCode: 503 });
    await fake.config('one');
    await until(async () => (await fake.describe()).EndpointStatus === 'InService' || undefined);
    expect((await fake.describe()).FailureReason).toBeUndefined();
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
  });

  test('can be updated', async () => {
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two') });
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    expect(await fake.invoke()).toMatchObject({ version: 'two' });
  });

  test('can be deleted', async () => {
    await fake.do('DeleteEndpoint');
    await until(() =>
      fake.describe().then(
        () => undefined,
        () => true,
      ),
    );
    expect(fake.processes).toEqual([]);
  });
});

test('a deletion that was cut off is ended', async () => {
  fake = new FakeService();
  await fake.create();
  await fake.service.close();
  const records = fake.context.store.collection<{ EndpointStatus: string }>('endpoints');
  records.put(NAME, { ...(records.get(NAME) as object), EndpointStatus: 'Deleting' });
  fake.begin();
  await fake.service.resume();
  await until(() => (records.get(NAME) === undefined ? true : undefined));
  expect(fake.processes).toEqual([]);
});

test('what a power cut has damaged is set aside, told, and lets the program start', async () => {
  fake = new FakeService();
  await fake.create();
  await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two') });
  await fake.settled();
  await fake.service.close();
  for (const kind of ['endpoints', 'endpoint-deployments'])
    truncateSync(join(fake.context.store.root, kind, `${NAME}.json`), 20);
  fake.begin();
  await fake.service.resume();
  expect(fake.context.messages.filter((message) => message.includes('was set aside'))).toHaveLength(2);
  await fake.do('CreateEndpoint', { EndpointConfigName: 'two' });
  expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService' });
});

test('rubbish among the folders of fleets does not matter', async () => {
  fake = new FakeService();
  await fake.create();
  writeFileSync(join(fake.context.store.root, 'endpoint-fleets', 'file'), '');
  writeFileSync(join(fake.context.store.root, 'endpoint-fleets', NAME, 'file'), '');
  await fake.service.close();
  fake.begin();
  await fake.service.resume();
  expect(await fake.invoke()).toMatchObject({ version: 'one' });
});
