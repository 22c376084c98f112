import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AcceptedInvocation } from '../../../../../local/sagemaker/api/async-invocation';
import { NAME, until } from '../endpoint/fake-service';
import { AsyncService, ERROR, SUCCESS } from './async-service';

// Real processes on a machine that may be busy.
const NotificationConfig = { SuccessTopic: SUCCESS, ErrorTopic: ERROR };
const TEST = { eventVersion: '1.0', eventSource: 'aws:sagemaker', eventName: 'TestNotification' };
let service: AsyncService;
beforeEach(() => {
  service = new AsyncService();
});
afterEach(() => service.fake.end());

describe('an asynchronous endpoint', () => {
  test('answers into S3, and tells the topic as it is documented', async () => {
    expect(await service.create({ NotificationConfig })).toMatchObject({
      AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://bucket/out' } },
    });
    expect(service.published).toEqual([
      { topic: SUCCESS, message: TEST },
      { topic: ERROR, message: TEST },
    ]);
    const accepted = await service.send(
      {},
      { inferenceId: 'order-7', accept: 'application/json', customAttributes: 'trace=7' },
    );
    expect(accepted).toEqual({
      inferenceId: 'order-7',
      outputLocation: expect.stringMatching(/^s3:\/\/bucket\/out\/[0-9a-f-]{36}\.out$/),
      failureLocation: expect.stringMatching(/^s3:\/\/bucket\/failed\/[0-9a-f-]{36}-error\.out$/),
    });
    expect(await service.answer(accepted)).toMatchObject({ version: 'one', accept: 'application/json' });
    expect(await service.told(accepted)).toEqual({
      topic: SUCCESS,
      message: {
        awsRegion: 'us-east-1',
        eventTime: expect.any(String),
        receivedTime: expect.any(String),
        invocationStatus: 'Completed',
        requestParameters: {
          accept: 'application/json',
          contentType: 'application/json',
          customAttributes: 'trace=7',
          endpointName: NAME,
          inputLocation: expect.stringMatching(/^s3:\/\/bucket\/in\//),
        },
        responseParameters: { contentType: 'application/json', outputLocation: accepted.outputLocation },
        inferenceId: 'order-7',
        eventVersion: '1.0',
        eventSource: 'aws:sagemaker',
        eventName: 'InferenceResult',
      },
    });
  });

  test('writes what a failing model says to the failure path, and tells the other topic', async () => {
    await service.create({ NotificationConfig });
    const accepted = await service.send({ status: 400 });
    expect(await service.told(accepted)).toMatchObject({
      topic: ERROR,
      message: {
        invocationStatus: 'Failed',
        failureReason: expect.stringContaining('ClientError: Received 400 from model with message "no: 400"'),
        responseParameters: { failureLocation: accepted.failureLocation },
      },
    });
    expect(service.stored(accepted.failureLocation)).toBe('no: 400');
    expect(service.stored(accepted.outputLocation)).toBeUndefined();
    const missing = await service.send({}, { inputLocation: 's3://bucket/none' });
    expect((await service.told(missing)).message.failureReason).toBe(
      'ClientError: there is no object s3://bucket/none',
    );
    const slow = await service.send({ sleep: 5 }, { invocationTimeoutSeconds: 1 });
    expect((await service.told(slow)).message.failureReason).toBe('ServerError: the model gave no answer within 1 s');
    await until(() => service.values('RequestDownloadFailures').length > 0 || undefined);
  });

  test('tells the answer itself where it is asked to', async () => {
    const IncludeInferenceResponseIn = ['SUCCESS_NOTIFICATION_TOPIC'];
    await service.create({ NotificationConfig: { ...NotificationConfig, IncludeInferenceResponseIn } });
    const good = (await service.told(await service.send())).message;
    expect(good.responseBody).toMatchObject({
      encoding: 'UTF-8',
      content: expect.stringContaining('"version": "one"'),
    });
    expect((await service.told(await service.send({ status: 500 }))).message).not.toHaveProperty('responseBody');
  });

  test('gives an instance no more at a time than it may have', async () => {
    await service.create({ NotificationConfig }, {}, { MaxConcurrentInvocationsPerInstance: 2 });
    await service.scale(0);
    const accepted = await Promise.all(Array.from({ length: 6 }, () => service.send({ sleep: 0.2 })));
    await until(() => service.values('ApproximateBacklogSize').at(-1) === 6 || undefined);
    const began = Date.now();
    await service.scale(1);
    await Promise.all(accepted.map((one) => service.told(one)));
    expect(Date.now() - began).toBeGreaterThanOrEqual(600);
    await until(() => service.values('ApproximateBacklogSize').at(-1) === 0 || undefined);
    expect(Math.max(...service.values('ApproximateAgeOfOldestRequest'))).toBeGreaterThan(0);
    expect(service.values('InvocationsProcessed')).toContain(1);
    for (const name of ['TimeInBacklog', 'TotalProcessingTime', 'ModelLatency'])
      expect(service.values(name).length).toBeGreaterThan(0);
    for (const name of ['Invocations', 'InvocationsPerInstance', 'OverheadLatency'])
      expect(service.values(name)).toEqual([]);
  });

  test('scaled to nothing lets requests wait, and answers them once it has an instance again', async () => {
    await service.create();
    expect(await service.scale(0)).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [{ DesiredInstanceCount: 0, CurrentInstanceCount: 0 }],
    });
    expect(service.fake.processes).toEqual([]);
    expect(service.values('HasBacklogWithoutCapacity').every((value) => value === 0)).toBe(true);
    const accepted = await service.send();
    await until(() => service.values('HasBacklogWithoutCapacity').at(-1) === 1 || undefined);
    const perInstance = service.values('ApproximateBacklogSizePerInstance').length;
    await until(() => service.values('ApproximateBacklogSize').length > 0 || undefined);
    expect(service.values('ApproximateBacklogSizePerInstance')).toHaveLength(perInstance);
    expect(service.stored(accepted.outputLocation)).toBeUndefined();
    await service.scale(1);
    expect(await service.answer(accepted)).toMatchObject({ version: 'one' });
    await until(() => service.values('HasBacklogWithoutCapacity').at(-1) === 0 || undefined);
  });

  test('lets a request expire that waits too long', async () => {
    await service.create({ NotificationConfig });
    await service.scale(0);
    service.time = new Date();
    const patient = await service.send();
    const accepted = await service.send({}, { requestTtlSeconds: 60 });
    service.time = new Date(service.time.getTime() + 60_000);
    expect(await service.told(accepted)).toMatchObject({ topic: ERROR, message: { invocationStatus: 'Expired' } });
    await until(() => service.values('ExpiredRequests').length > 0 || undefined);
    await service.scale(1);
    expect(await service.answer(patient)).toMatchObject({ version: 'one' });
    expect(service.stored(accepted.outputLocation)).toBeUndefined();
  });

  test('answers a request whose instance ends under it by another try, and gives up on one that ends each', async () => {
    await service.create({ NotificationConfig });
    const go = join(service.fake.context.directory, 'go');
    const slow = await service.send({ until: go });
    await until(() => service.values('RequestDownloadLatency').length > 0 || undefined);
    process.kill(service.fake.processes[0] as number, 'SIGKILL');
    writeFileSync(go, '');
    expect(await service.answer(slow)).toMatchObject({ version: 'one' });
    const poison = await service.send({ exit: 3 });
    expect((await service.told(poison)).message.failureReason).toMatch(/the instance ended 3 times under the request/);
    expect(await service.answer(await service.send())).toMatchObject({ version: 'one' });
  });

  test('tries again when S3 or SNS can not be reached', async () => {
    await service.create({ NotificationConfig });
    const { storage } = service.fake.context;
    const write = storage.write.bind(storage);
    let refusals = 2;
    storage.write = async (uri, body) => {
      if (uri.startsWith('s3://bucket/out') && refusals-- > 0) throw new Error('ECONNREFUSED');
      await write(uri, body);
    };
    service.failures = 2;
    const accepted = await service.send();
    expect(await service.told(accepted)).toMatchObject({ topic: SUCCESS });
    expect(refusals).toBe(-1);
    service.failures = 3;
    expect(await service.answer(await service.send())).toMatchObject({ version: 'one' });
    await until(() => service.values('NotificationFailures').length > 0 || undefined);
  });

  test('goes over to another model without losing a request', async () => {
    await service.create({}, {}, { MaxConcurrentInvocationsPerInstance: 1 });
    const before = await Promise.all([service.send({ sleep: 0.3 }), service.send({ sleep: 0.3 })]);
    const EndpointConfigName = await service.config('two');
    await service.fake.do('UpdateEndpoint', { EndpointConfigName });
    await service.fake.settled();
    expect(await service.answer(await service.send())).toMatchObject({ version: 'two' });
    for (const accepted of before) await service.answer(accepted);
  });

  test('takes no other invocations, and other endpoints take no asynchronous ones', async () => {
    await service.create();
    await expect(service.fake.invoke()).rejects.toThrow('is asynchronous; use InvokeEndpointAsync');
    await expect(service.send({}, { endpointName: 'none' })).rejects.toMatchObject({
      code: 'ValidationError',
      message: 'Endpoint none of account 000000000000 not found.',
    });
    await service.fake.do('UpdateEndpoint', { EndpointConfigName: await service.fake.config('two') });
    await service.fake.settled();
    await expect(service.send()).rejects.toThrow('is not asynchronous');
    await expect(service.scale(0)).rejects.toThrow('DesiredInstanceCount must be a whole number from 1, got 0');
  });

  test('whose program ends in the middle of a request answers it by the next one', async () => {
    await service.create({ NotificationConfig });
    const go = join(service.fake.context.directory, 'go');
    const accepted = await service.send({ until: go });
    await until(() => service.values('RequestDownloadLatency').length > 0 || undefined);
    await service.fake.service.close();
    expect(service.stored(accepted.outputLocation)).toBeUndefined();
    writeFileSync(go, '');
    service.fake.begin();
    await service.fake.service.resume();
    expect(await service.answer(accepted)).toMatchObject({ version: 'one' });
    expect((await service.told(accepted)).topic).toBe(SUCCESS);
  });

  test('that is deleted takes its requests with it', async () => {
    await service.create();
    await service.scale(0);
    await service.send();
    const queues = join(service.fake.context.store.root, 'async-requests');
    expect(readdirSync(queues)).toEqual([NAME]);
    await service.fake.do('DeleteEndpoint');
    await until(() => readdirSync(queues).length === 0 || undefined);
  });
});

test('after kill -9 the next program answers all requests that were accepted', async () => {
  await service.fake.end();
  const directory = mkdtempSync(join(tmpdir(), 'mlops-async-'));
  const program = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'program.ts'), directory], {
    cwd: resolve(__dirname, '../../../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const accepted = await new Promise<AcceptedInvocation[]>((done, failed) => {
    program.stdout.once('data', (line: Buffer) => done(JSON.parse(line.toString()) as AcceptedInvocation[]));
    program.once('exit', () => failed(new Error('the program ended')));
  });
  program.kill('SIGKILL');
  await new Promise((done) => program.once('exit', done));

  service = new AsyncService(directory);
  await service.config('one');
  // The inputs are as they were, but that the model is quick now.
  const { storage } = service.fake.context;
  storage.list = async (uri) => [{ uri, size: 2, etag: 'etag' }];
  const read = storage.read.bind(storage);
  storage.read = async (uri) => (uri.startsWith('s3://bucket/in') ? Buffer.from('{}') : read(uri));
  await service.fake.service.resume();
  for (const request of accepted) expect(await service.answer(request)).toMatchObject({ version: 'one' });
  for (const request of accepted) expect((await service.told(request)).topic).toBe(SUCCESS);
});
