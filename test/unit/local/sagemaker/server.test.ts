import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import {
  CreateDomainCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageGroupCommand,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
} from '@aws-sdk/client-sagemaker-runtime';
import { InvalidInputError } from '../../../../core/invalid-input-error';
import { LocalSageMaker } from './local-sagemaker';

let local: LocalSageMaker;
beforeEach(async () => {
  local = await LocalSageMaker.start();
});
afterEach(async () => {
  await local.remove();
});

const createGroup = (ModelPackageGroupName: string) =>
  local.client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));

describe('the local SageMaker', () => {
  test('says that it is well', async () => {
    const response = await fetch(`${local.endpoint}/_mlops/health`);
    expect(await response.json()).toEqual({ status: 'ok', pid: process.pid });
  });

  test('answers in the protocol of the service: its content type, a request id, times as seconds', async () => {
    local.time = new Date('2026-01-01T00:00:00.500Z');
    await createGroup('flights');
    const answer = await local.raw('SageMaker.DescribeModelPackageGroup', '{"ModelPackageGroupName":"flights"}');
    expect(answer).toMatchObject({
      status: 200,
      type: 'application/x-amz-json-1.1',
      json: { CreationTime: 1767225600.5 },
    });
    const response = await fetch(`${local.endpoint}/`, {
      method: 'POST',
      headers: { 'x-amz-target': 'SageMaker.ListModels' },
    });
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toEqual({ Models: [] });
  });

  test.each([
    ['SageMaker.ListModels', '{', 'SerializationException', "The request isn't JSON"],
    ['SageMaker.ListModels', '[]', 'SerializationException', 'the request can not be converted to a structure'],
    [
      'SageMaker.CreateDomain',
      '{}',
      'UnknownOperationException',
      "CreateDomain: the local SageMaker doesn't implement it",
    ],
    ['SageMaker.MakeCoffee', '{}', 'UnknownOperationException', 'MakeCoffee: SageMaker has no such action'],
    ['SageMaker.toString', '{}', 'UnknownOperationException', 'toString: SageMaker has no such action'],
    ['SageMaker', '{}', 'UnknownOperationException', 'SageMaker has no such action'],
    [
      'Kinesis.ListStreams',
      '{}',
      'UnknownOperationException',
      "Kinesis.ListStreams: the local SageMaker doesn't implement it",
    ],
  ])('answers %s with %s by an error that says what is wrong', async (target, body, code, message) => {
    const { status, type, json } = await local.raw(target, body);
    expect({ status, type, code: json['__type'] }).toEqual({ status: 400, type: 'application/x-amz-json-1.1', code });
    expect(json.message).toContain(message);
  });

  test('gives SDKs the error that they know', async () => {
    const input = { DomainName: 'd', AuthMode: 'IAM', DefaultUserSettings: {} } as const;
    await expect(local.client.send(new CreateDomainCommand(input))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('fails by a 500 that leads to the stack in the log', async () => {
    mkdirSync(join(local.state.sagemaker, 'models'), { recursive: true });
    writeFileSync(join(local.state.sagemaker, 'models', 'broken.json'), '{');
    const { status, json } = await local.raw('SageMaker.ListModels', '{}');
    expect({ status, code: json['__type'] }).toEqual({ status: 500, code: 'InternalFailure' });
    const [, id = 'none'] = /see request (\S+)/.exec(json.message as string) ?? [];
    expect(local.messages.find((message) => message.startsWith(id))).toMatch(
      /SageMaker\.ListModels: SyntaxError[^]* at /,
    );
  });

  test('answers other paths by name', async () => {
    const response = await fetch(`${local.endpoint}/nothing`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('GET /nothing') });
  });

  test('knows no deployments of an endpoint that is not there', async () => {
    const response = await fetch(`${local.endpoint}/_local/endpoints/none/deployments`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { __type: 'ResourceNotFound', message: 'Could not find endpoint none' },
    ]);
  });

  test('answers many requests at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => createGroup(`group-${index}`)));
    expect((await local.raw('SageMaker.ListModelPackageGroups', '{"MaxResults":100}')).json).toMatchObject({
      ModelPackageGroupSummaryList: { length: 50 },
    });
  });

  test('keeps what it knows over a restart', async () => {
    await createGroup('flights');
    await local.stopServer();
    await local.startServer();
    expect(
      await local.client.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'flights' })),
    ).toMatchObject({ ModelPackageGroupName: 'flights' });
  });

  test('listens on the loopback only', async () => {
    const port = Number(new URL(local.endpoint).port);
    // 127.0.0.2 is another address of this machine that a server on all addresses would answer.
    const answered = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: '127.0.0.2', port, timeout: 2000 });
      socket
        .once('connect', () => resolve(true))
        .once('error', () => resolve(false))
        .once('timeout', () => resolve(false));
      socket.once('close', () => socket.destroy());
    });
    expect(answered).toBe(false);
  });
});

describe('a second server', () => {
  test('is kept out of a state directory that is in use, and let in afterwards', async () => {
    const error = await local.another().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/is in use by another local SageMaker, got process \d+; stop that one/),
    });
    await local.stopServer();
    await (await local.another()).close();
  });

  test('is not kept out by one that was killed', async () => {
    await local.stopServer();
    const claims = join(local.state.sagemaker, 'claims');
    mkdirSync(claims, { recursive: true });
    writeFileSync(join(claims, 'killed.json'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
    writeFileSync(join(claims, 'cut-off.json'), '{"pi');
    await expect(local.startServer()).resolves.toBeUndefined();
  });

  test('does not get in when two come at once', async () => {
    await local.stopServer();
    const outcomes = await Promise.allSettled([local.another(), local.another()]);
    const servers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(servers.length).toBeLessThanOrEqual(1);
    await Promise.all(servers.map((server) => server.close()));
  });
});

describe('the runtime', () => {
  const invoke = (Body: string | Uint8Array) =>
    local.runtime.send(new InvokeEndpointCommand({ EndpointName: 'none', Body, ContentType: 'text/csv' }));

  test('tells of an endpoint that does not exist', async () => {
    await expect(invoke('1,2')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Endpoint none of account 000000000000 not found.',
    });
  });

  test('takes 6 MB and not a byte more', async () => {
    await expect(invoke(new Uint8Array(6 * 1024 * 1024))).rejects.toThrow('not found');
    await expect(invoke(new Uint8Array(6 * 1024 * 1024 + 1))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Request body of 6291457 bytes is too large; send at most 6291456 bytes',
      $metadata: { httpStatusCode: 413 },
    });
  });

  test.each(['TargetModel', 'TargetContainerHostname', 'EnableExplanations', 'SessionId'])(
    'refuses %s, which it could not honour',
    async (member) => {
      const input = { EndpointName: 'none', Body: '1', [member]: 'some-value' };
      await expect(local.runtime.send(new InvokeEndpointCommand(input))).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringContaining("the local SageMaker doesn't implement it"),
      });
    },
  );

  test('names what it does not do', async () => {
    const input = { EndpointName: 'none', Body: new Uint8Array() };
    await expect(local.runtime.send(new InvokeEndpointWithResponseStreamCommand(input))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('POST /endpoints/none/invocations-response-stream'),
    });
  });

  test.each([[{}, 'Endpoint none of account 000000000000 not found.']])(
    'refuses an asynchronous invocation with %j',
    async (more, message) => {
      const input = { EndpointName: 'none', InputLocation: 's3://bucket/key', ...more };
      await expect(local.runtime.send(new InvokeEndpointAsyncCommand(input))).rejects.toMatchObject({
        name: 'ValidationError',
        message,
      });
    },
  );
});
