import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { waitUntil } from '../../../local/loop/wait-until';
import { grpcClient } from './grpc-client';
import { onnxFile } from './onnx-file';
import { endServers, freePort, type ServerProcess, startServerProcess } from './server-process';
import { MODEL, probability } from './test-model';

afterAll(endServers);

const BODY = JSON.stringify({
  instances: [
    { carrier: 'AA', hour: 2, temp: 1 },
    { carrier: 'UA', hour: 0 },
  ],
});
const predict = ({ url }: ServerProcess) =>
  fetch(`${url}/invocations`, { method: 'POST', body: BODY, headers: { 'content-type': 'application/json' } });

/** Everything that the server sends until it closes the connection. */
function closing(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

/** Waits until so many requests have been taken, by all processes together: a connection alone says nothing. */
function underWay({ url }: ServerProcess, count: number): Promise<true> {
  let seen: string | undefined;
  return waitUntil(
    async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      seen = /^model_server_pending_requests (\d+)$/m.exec(text)?.[1];
      return seen === String(count) || undefined;
    },
    () => `${count} requests must be under way, got ${seen}`,
    { timeoutSeconds: 20, everyMs: 25 },
  );
}

const HEAD = `POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n`;

describe('the server as a process', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ MODEL_SERVER_REQUEST_SECONDS: '2' });
  });

  test('predicts with the graph, gaps and all', async () => {
    const response = await predict(server);
    const { predictions } = (await response.json()) as { predictions: { probability: number; label: number }[] };
    expect(predictions.map(({ label }) => label)).toEqual([1, 0]);
    expect(predictions[0]?.probability).toBeCloseTo(probability('AA', 2), 12);
    expect(predictions[1]?.probability).toBeCloseTo(probability('UA', 0), 12);
  });

  test('says in JSON what it serves', () => {
    const [line] = server
      .output()
      .split('\n')
      .filter((one) => one.includes('"serving"'));
    expect(JSON.parse(line ?? '')).toMatchObject({ port: server.port, columns: 3 });
  });

  test('answers 408 to a client that is too slow, and closes', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const answer = closing(socket);
    socket.write(HEAD + BODY.slice(0, 10));
    expect(await answer).toMatch(/^HTTP\/1\.1 408 [^]*must arrive in time/);
  });

  test('answers what a half-closed connection has sent', async () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    const answer = closing(socket);
    socket.end(HEAD.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n') + BODY);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*predictions/);
  });

  test('forgets a client that leaves in the middle of its request', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(HEAD + BODY.slice(0, 10));
    await underWay(server, 1);
    socket.destroy();
    await underWay(server, 0);
    expect((await predict(server)).status).toBe(200);
  });

  test('hangs up on a client that never reads its answer', async () => {
    const row = 'AA,5,\n';
    const rows = 150_000;
    const head = `POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\naccept: application/json\r\ncontent-length: ${rows * row.length}\r\n\r\n`;
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(head + row.repeat(rows));
    await underWay(server, 1);
    await underWay(server, 0);
    socket.destroy();
    expect((await predict(server)).status).toBe(200);
  });

  test.each([
    // What two programs on the way would cut in two places.
    `POST /ping HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    'POST /ping HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde',
    'POST /ping HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    'POST /ping HTTP/1.1\r\nhost: x\r\ncontent-length : 4\r\n\r\nabcd',
    'GET /ping HTTP/9.9\r\n\r\n',
    'POST /invocations HTTP/1.1\r\ncontent-length: x\r\n\r\n',
  ])('answers 400 to %j', async (sent) => {
    const socket = connect(server.port, '127.0.0.1');
    const answer = closing(socket);
    socket.end(sent);
    expect(await answer).toMatch(/^HTTP\/1\.1 400 [^]*"error"/);
  });

  test('answers 431 to more headers than it takes', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const answer = closing(socket);
    socket.end(`GET /ping HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1\.1 431 [^]*at most 16 kB/);
  });
});

test('at the limit of its memory it predicts for one at a time, and still does when all have been refused', async () => {
  const server = await startServerProcess({ MODEL_SERVER_MEMORY_MB: '1' });
  const socket = connect(server.port, '127.0.0.1');
  const answer = closing(socket);
  socket.write(HEAD.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n') + BODY.slice(0, 10));
  await underWay(server, 1);
  const refused = await Promise.all(Array.from({ length: 5 }, () => predict(server)));
  for (const { status, headers } of refused) expect([status, headers.get('retry-after')]).toEqual([429, '1']);
  socket.write(BODY.slice(10));
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  expect((await predict(server)).status).toBe(200);
});

test('several processes share the port, count together, answer what is under way when asked to stop, and end with 0', async () => {
  const server = await startServerProcess({ SAGEMAKER_MODEL_SERVER_WORKERS: '2' });
  await Promise.all(Array.from({ length: 20 }, () => predict(server)));
  // A process that is still starting may take longer to tell its own than the other one waits.
  const metrics = await waitUntil(
    async () => {
      const response = await fetch(`${server.url}/metrics`);
      return response.status === 503 ? undefined : response.text();
    },
    () => `not every process tells its metrics: ${server.output()}`,
    { timeoutSeconds: 30, everyMs: 10 },
  );
  expect(metrics).toContain('http_requests_total{handler="/invocations",method="POST",status="200"} 20');
  expect(metrics).toContain('http_request_duration_seconds_count{handler="/invocations"} 20');

  const socket = connect(server.port, '127.0.0.1');
  const answer = closing(socket);
  await new Promise<void>((resolve) => socket.write(HEAD + BODY.slice(0, 10), () => resolve()));
  await underWay(server, 1);
  process.kill(server.pid, 'SIGTERM');
  await waitUntil(
    async () => server.output().match(/"stopping"/g)?.length === 2 || undefined,
    () => `not both processes are stopping: ${server.output()}`,
    { timeoutSeconds: 20, everyMs: 10 },
  );
  socket.write(BODY.slice(10));
  expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*predictions/i);
  expect(await server.exited).toBe(0);
});

test('processes whose parent is killed answer what is under way, and end', async () => {
  const server = await startServerProcess({ SAGEMAKER_MODEL_SERVER_WORKERS: '2', MODEL_SERVER_MEMORY_MB: '1000' });
  const workers = childrenOf(server.pid);
  expect(workers).toHaveLength(2);
  for (const pid of workers) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('--max-old-space-size=250');
  const socket = connect(server.port, '127.0.0.1');
  const answer = closing(socket);
  await new Promise<void>((resolve) => socket.write(HEAD + BODY.slice(0, 10), () => resolve()));
  await underWay(server, 1);
  process.kill(server.pid, 'SIGKILL');
  await waitUntil(
    async () => server.output().match(/"stopping"/g)?.length === 2 || undefined,
    () => `not both processes are stopping: ${server.output()}`,
    { timeoutSeconds: 20, everyMs: 10 },
  );
  socket.write(BODY.slice(10));
  expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*predictions/);
  await waitUntil(
    async () => workers.every((pid) => !isRunning(pid)) || undefined,
    () => `they are left: ${workers.join(', ')}`,
    { timeoutSeconds: 20, everyMs: 10 },
  );
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('answers gRPC by all processes, and until it has drained', async () => {
  const grpcPort = await freePort();
  const server = await startServerProcess({
    SAGEMAKER_MODEL_SERVER_WORKERS: '2',
    MODEL_SERVER_GRPC_PORT: String(grpcPort),
  });
  const inputs = [
    { name: 'carrier', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from('AA')] } },
    { name: 'hour', datatype: 'FP64', shape: [1], contents: { fp64_contents: [2] } },
  ];
  const client = grpcClient(grpcPort);
  const ask = () => client.call('ModelInfer', { model_name: 'model', inputs });
  const [first] = (await ask()).outputs as { readonly contents: { readonly fp64_contents: readonly number[] } }[];
  expect(first?.contents.fp64_contents[0]).toBeCloseTo(probability('AA', 2), 12);
  const codes = new Set<string>();
  const drained = new AbortController();
  const asking = (async () => {
    while (!drained.signal.aborted) {
      await ask().then(
        () => codes.add('answered'),
        ({ code }: { readonly code: number }) => codes.add(String(code)),
      );
    }
  })();
  process.kill(server.pid, 'SIGTERM');
  await waitUntil(
    async () => (await fetch(`${server.url}/v2/health/ready`)).status === 503 || undefined,
    () => 'it stays ready',
    { timeoutSeconds: 20, everyMs: 10 },
  );
  drained.abort();
  await asking;
  expect([...codes]).toEqual(['answered']);
  expect(await server.exited).toBe(0);
  client.close();
});

test('no request is lost when it ends under load', async () => {
  const server = await startServerProcess();
  const agent = new Agent({ keepAlive: true });
  const outcomes = new Map<string, number>();
  const drained = new AbortController();
  const client = async () => {
    while (!drained.signal.aborted) {
      const outcome = await status(server, agent);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  const clients = Array.from({ length: 16 }, client);
  const wait = { timeoutSeconds: 20, everyMs: 10 };
  try {
    await waitUntil(
      async () => (outcomes.get('200') ?? 0) > 100 || undefined,
      () => 'no load',
      wait,
    );
    process.kill(server.pid, 'SIGTERM');
    // As a balancer does, which sends no more once the server isn't ready.
    await waitUntil(
      async () => (await fetch(`${server.url}/v2/health/ready`)).status === 503 || undefined,
      () => 'it stays ready',
      wait,
    );
  } finally {
    drained.abort();
    await Promise.all(clients);
    agent.destroy();
  }
  expect([...outcomes.keys()]).toEqual(['200']);
  expect(await server.exited).toBe(0);
});

/** Of a prediction on a connection that is kept; or why there is none. */
function status({ port }: ServerProcess, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(
      { host: '127.0.0.1', port, path: '/invocations', method: 'POST', headers, agent },
      (answer) => {
        answer.resume();
        answer.once('close', () => resolve(answer.complete ? String(answer.statusCode) : 'cut short'));
      },
    );
    sent.once('error', ({ message }) => resolve(message));
    sent.end(BODY);
  });
}

test('a client that never ends its request keeps the server no longer than the drain', async () => {
  const server = await startServerProcess({ MODEL_SERVER_DRAIN_SECONDS: '1' });
  const socket = connect(server.port, '127.0.0.1');
  const answer = closing(socket);
  await new Promise<void>((resolve) => socket.write(HEAD, () => resolve()));
  await underWay(server, 1);
  process.kill(server.pid, 'SIGTERM');
  expect(await server.exited).toBe(0);
  expect(await answer).toBe('');
});

test.each<[string, Parameters<typeof startServerProcess>, RegExp]>([
  ['another model', [{ MODEL_SERVER_MODEL_SHA256: 'a'.repeat(64) }], /model\.onnx: must have the SHA-256 a+, got/],
  ['a damaged model', [{}, [onnxFile(MODEL).subarray(0, 300)]], /model\.onnx: can't be run by onnxruntime/],
  ['an illegal setting', [{ MODEL_SERVER_LOG_LEVEL: 'loud' }], /environment MODEL_SERVER_LOG_LEVEL: must be/],
])(
  'with %s it ends with 1 and one line that says why',
  async (_, start, message) => {
    const server = await startServerProcess(...start);
    expect(await server.exited).toBe(1);
    const [line = '', ...others] = server.output().trim().split('\n').slice(-1);
    expect([line, others]).toEqual([expect.stringMatching(message), []]);
  },
  60_000,
);

test('on a port that another has it ends with 1 and one line that says so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const server = await startServerProcess({ SAGEMAKER_BIND_TO_PORT: String(port) });
  expect(await server.exited).toBe(1);
  expect(server.output().trim().split('\n').at(-1)).toMatch(
    /^SAGEMAKER_BIND_TO_PORT: must be free, got .*EADDRINUSE.*; set/,
  );
  other.close();
});
