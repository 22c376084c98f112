import { FakeService, NAME, until } from './fake-service';

// Real processes on a machine that may be busy.
let fake: FakeService;
beforeEach(() => {
  fake = new FakeService();
});
afterEach(() => fake.end());

describe('InvokeEndpoint', () => {
  test('passes content type, accept and custom attributes on, and back', async () => {
    await fake.create();
    const result = await fake.service.invoke({
      endpointName: NAME,
      body: Buffer.from('1,2\n3,4'),
      contentType: 'text/csv',
      accept: 'application/json',
      customAttributes: 'trace=7',
    });
    expect(result).toMatchObject({
      statusCode: 200,
      contentType: 'application/json',
      invokedVariant: 'AllTraffic',
      customAttributes: 'trace=7',
    });
    expect(JSON.parse(result.body.toString())).toMatchObject({
      path: '/invocations',
      bytes: 7,
      contentType: 'text/csv',
      accept: 'application/json',
    });
  });

  test('carries a body of 6 MB', async () => {
    await fake.create();
    const body = Buffer.alloc(6 * 1024 * 1024, '1');
    expect(await fake.invoke({}, { body, contentType: 'text/csv' })).toMatchObject({ bytes: body.length });
  });

  test('answers many requests at the same time', async () => {
    await fake.create([{ instances: 2 }]);
    const answers = await Promise.all(Array.from({ length: 100 }, () => fake.invoke({ sleep: 0.05 })));
    expect(answers.every(({ version }) => version === 'one')).toBe(true);
  });

  test('of an endpoint that is not there is a ValidationError', async () => {
    await expect(fake.invoke()).rejects.toMatchObject({ code: 'ValidationError', statusCode: 400 });
  });

  test.each([
    [400, 'client'],
    [404, 'client'],
    [500, 'server'],
    [503, 'server'],
    [301, 'server'],
  ])('turns status %d of the model into a ModelError that names it', async (status, whose) => {
    await fake.create();
    await expect(fake.invoke({ status })).rejects.toMatchObject({
      code: 'ModelError',
      statusCode: 424,
      message: expect.stringMatching(
        new RegExp(
          `^Received ${whose} error \\(${status}\\) from primary with message "no: ${status}". See .*output.log in account 000000000000 for more information.$`,
        ),
      ),
      details: {
        OriginalStatusCode: status,
        OriginalMessage: `no: ${status}`,
        LogStreamArn: `arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/${NAME}:log-stream:AllTraffic/AllTraffic/1`,
      },
    });
  });

  test('gives a model no longer than it may take, and serves the next request', async () => {
    await fake.end();
    fake = new FakeService({ invocationTimeoutSeconds: 2 });
    await fake.create();
    await expect(fake.invoke({ sleep: 60 })).rejects.toMatchObject({
      code: 'ModelError',
      statusCode: 424,
      message: expect.stringContaining(
        'Received server error (0) from primary with message "Your invocation timed out',
      ),
      details: expect.objectContaining({ OriginalStatusCode: 0 }),
    });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
  });

  test('tries again when the server hangs up, once', async () => {
    await fake.create([{ instances: 2 }]);
    await expect(fake.invoke({ 'hang up': true })).rejects.toMatchObject({
      code: 'ModelError',
      message: expect.stringContaining('The connection to the container failed: ECONNRESET'),
    });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
  });

  test('goes to the other instance when one dies with the request', async () => {
    await fake.create([{ instances: 2 }]);
    const [first] = fake.processes;
    process.kill(first as number, 'SIGSTOP');
    const answers = [fake.invoke(), fake.invoke()];
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(first as number, 'SIGKILL');
    expect((await Promise.all(answers)).map(({ pid }) => pid)).not.toContain(first);
  });

  test('is a ServiceUnavailable while the only instance is down', async () => {
    await fake.create();
    // The first restart is made at once, so it has to fail.
    await fake.context.storage.write('s3://models/one-0.tar.gz', 'rubbish');
    process.kill((await fake.invoke()).pid, 'SIGKILL');
    await until(async () => {
      const { ProductionVariants } = await fake.describe();
      return (ProductionVariants as { CurrentInstanceCount: number }[])[0]?.CurrentInstanceCount === 0 || undefined;
    });
    await expect(fake.invoke()).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      statusCode: 503,
      message: expect.stringContaining('no instance is in service just now'),
    });
    await fake.config('one');
    await until(() => fake.invoke().catch(() => undefined));
  });
});

describe('a server that dies in service', () => {
  test('is started again, as often as needed, and it is recorded', async () => {
    await fake.create();
    const first = (await fake.invoke()).pid;
    process.kill(first, 'SIGKILL');
    const second = await until(() =>
      fake.invoke().then(
        ({ pid }) => pid,
        () => undefined,
      ),
    );
    expect(second).not.toBe(first);
    await expect(fake.invoke({ exit: 4 })).rejects.toThrow(
      /connection to the container failed|no instance is in service/,
    );
    const third = await until(() =>
      fake.invoke().then(
        ({ pid }) => pid,
        () => undefined,
      ),
    );
    expect(third).not.toBe(second);
    expect(fake.context.store.collection<{ incidents: object[] }>('endpoints').get(NAME)?.incidents).toMatchObject([
      { instance: 'AllTraffic/1', state: 'Ended', message: expect.stringContaining('ended by signal SIGKILL') },
      { instance: 'AllTraffic/1', state: 'Ended', message: expect.stringContaining('ended with exit code 4') },
    ]);
    expect(fake.processes).toEqual([third]);
  });
});

describe('variants', () => {
  test('share the traffic by their weights', async () => {
    await fake.create([
      { name: 'a', weight: 3, behaviour: { version: 'a' } },
      { name: 'b', weight: 1, behaviour: { version: 'b' } },
    ]);
    const versions = await Promise.all(Array.from({ length: 40 }, async () => (await fake.invoke()).version));
    expect(versions.filter((version) => version === 'b')).toHaveLength(10);
  });

  test('are chosen by TargetVariant whatever their weight; an unknown one is a ValidationError', async () => {
    await fake.create([
      { name: 'a', behaviour: { version: 'a' } },
      { name: 'b', weight: 0, behaviour: { version: 'b' } },
    ]);
    expect(await fake.invoke()).toMatchObject({ version: 'a' });
    expect(await fake.invoke({}, { targetVariant: 'b' })).toMatchObject({ version: 'b' });
    await expect(fake.invoke({}, { targetVariant: 'c' })).rejects.toMatchObject({
      code: 'ValidationError',
      message: `Variant c not found for Endpoint ${NAME}.`,
    });
  });

  test('of which none has a weight answer only when they are named', async () => {
    await fake.create([{ weight: 0 }]);
    await expect(fake.invoke()).rejects.toThrow('no variant with a weight above 0');
    expect(await fake.invoke({}, { targetVariant: 'AllTraffic' })).toMatchObject({ version: 'one' });
  });
});
