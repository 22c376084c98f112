import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Container } from '../../../../../local/container/container';
import { identify, isRunning } from '../../../../../local/container/process-identity';
import {
  type ModelServer,
  type ModelServerProps,
  startModelServer,
} from '../../../../../local/sagemaker/model-server/model-server';
import { ping } from '../../../../../local/sagemaker/model-server/ping';
import { fakeContext, IMAGE, modelArchive } from './fake-image';

// Real processes on a machine that may be busy.
const MODEL = 's3://models/model.tar.gz';
let context: ReturnType<typeof fakeContext>;
let servers: ModelServer[];
beforeEach(() => {
  context = fakeContext();
  servers = [];
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(servers.map((server) => server.stop(100)));
  rmSync(context.directory, { recursive: true });
});

async function start(behaviour: object | undefined, changes: Partial<ModelServerProps> = {}): Promise<ModelServer> {
  if (behaviour) await context.storage.write(MODEL, await modelArchive(behaviour));
  const server = await startModelServer({
    context,
    container: { image: IMAGE, modelDataUrl: MODEL, environment: {} },
    directory: join(context.directory, 'server'),
    healthTimeoutSeconds: 50,
    ...changes,
  });
  servers.push(server);
  return server;
}

async function ask({
  url,
}: ModelServer): Promise<{ version: string; greeting: string | null; program: string | null }> {
  const response = await fetch(`${url}/invocations`, { method: 'POST', body: '1,2' });
  return (await response.json()) as { version: string; greeting: string | null; program: string | null };
}

function pidOf(directory: string): number {
  return (JSON.parse(readFileSync(join(directory, 'process.json'), 'utf8')) as { pid: number }).pid;
}

describe('a model server', () => {
  test('answers with the model it was given, in the environment of its container', async () => {
    const server = await start(
      { version: '7' },
      {
        container: {
          image: IMAGE,
          modelDataUrl: MODEL,
          environment: { GREETING: 'hi', SAGEMAKER_PROGRAM: 'p/serve.py' },
        },
      },
    );
    expect(await ask(server)).toMatchObject({ version: '7', greeting: 'hi', program: 'p/serve.py' });
    expect(readFileSync(server.log, 'utf8')).toContain('serving');
  });

  test('is waited for while it loads', async () => {
    const server = await start({ startSeconds: 0.5 });
    expect(await ask(server)).toMatchObject({ version: '1' });
  });

  test('needs no model data', async () => {
    const server = await start(undefined, { container: { image: IMAGE, environment: {} } });
    expect(await ask(server)).toMatchObject({ version: 'none' });
  });

  test('ends on stop, and its exit is seen', async () => {
    const server = await start({});
    await server.stop();
    expect(isRunning(server.identity)).toBe(false);
    expect(await server.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('that ignores SIGTERM is killed', async () => {
    const server = await start({ ignoresTerm: true });
    await server.stop(200);
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('downloads a model once, however many servers there are of it', async () => {
    await start({});
    await start(undefined, { directory: join(context.directory, 'second') });
    expect(context.storage.reads).toBe(1);
    await start({ version: '2' }, { directory: join(context.directory, 'third') });
    expect(context.storage.reads).toBe(2);
  });

  test('forgets the model that was in its folder before', async () => {
    await (await start({ version: '1' })).stop(100);
    const server = await start(undefined, { container: { image: IMAGE, environment: {} } });
    expect(await ask(server)).toMatchObject({ version: 'none' });
  });

  test('listens on the port that was asked for', async () => {
    const first = await start({});
    const { port } = first;
    await first.stop(100);
    expect((await start(undefined, { port })).port).toBe(port);
  });

  test('says so when the port that was asked for is in use', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    await expect(start({}, { port })).rejects.toThrow(`got port ${port} in use; choose another port`);
    await new Promise((resolve) => squatter.close(resolve));
  });
});

describe('a start that fails', () => {
  test('for want of the image names its URI', async () => {
    const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/assets:unknown';
    await expect(start({}, { container: { image, modelDataUrl: MODEL, environment: {} } })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(`The image ${image} isn't on this machine`),
    });
  });

  test('for want of the model names its URI', async () => {
    await expect(start(undefined)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(`Failed to download model data from URL: "${MODEL}"`),
    });
  });

  test('because the archive is rubbish says so', async () => {
    await context.storage.write(MODEL, 'rubbish');
    await expect(start(undefined)).rejects.toThrow(`${MODEL}: can't unpack the model archive`);
  });

  test('because the server ends tells its exit code and what it said last', async () => {
    await expect(start({ exit: 3 })).rejects.toThrow(
      /ended before it was healthy, got exit code 3; its log ends with: [^]*broken model: no such column/,
    );
  });

  test('because the server never gets healthy tells its last answer and leaves no process', async () => {
    const { starting, directory } = await unhealthy({ ping: 500 }, 500);
    const pid = pidOf(directory);
    later(60_000);
    expect(await starting).toMatch(/did not pass the ping health check within 60 s, got 500/);
    expect(identify(pid)).toBeUndefined();
  });

  test('because every ping takes too long says so', async () => {
    const { starting } = await unhealthy({ pingSeconds: 30 }, 'no answer within 100 ms');
    later(60_000);
    expect(await starting).toMatch(/got no answer within 2000 ms/);
  });

  test('because it was cancelled leaves no process', async () => {
    const directory = join(context.directory, 'server');
    const cancel = new AbortController();
    const starting = start({ ping: 500 }, { signal: cancel.signal });
    const caught = starting.catch((error: Error) => error.name);
    await until(() => Container.log(directory), /serving/);
    const pid = pidOf(directory);
    cancel.abort();
    expect(await caught).toBe('AbortError');
    expect(identify(pid)).toBeUndefined();
  });
});

const PORT = /^serving .* on (\d+)\n/m;

/** Begins a start, and waits until pings are answered like that. */
async function unhealthy(behaviour: object, answer: number | string) {
  const directory = join(context.directory, 'server');
  const starting = start(behaviour, { healthTimeoutSeconds: 60 }).then(
    () => 'healthy',
    (error: Error) => error.message,
  );
  await until(() => Container.log(directory), PORT);
  const [, port] = PORT.exec(readFileSync(Container.log(directory), 'utf8')) ?? [];
  // Twice: then the start itself has seen nothing older.
  for (let seen = 0; seen < 2; await delay(20)) seen = (await ping(Number(port), 100)) === answer ? seen + 1 : 0;
  return { starting, directory };
}

/** Moves the clock on, and it stands still then. */
function later(milliseconds: number): void {
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + milliseconds);
}

async function until(file: () => string, text: RegExp): Promise<void> {
  for (const deadline = Date.now() + 90_000; ; await delay(20)) {
    try {
      if (text.test(readFileSync(file(), 'utf8'))) return;
    } catch {
      // Not there yet.
    }
    if (Date.now() > deadline) throw new Error(`${file()} never held ${text}`);
  }
}
