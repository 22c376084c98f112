import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closedLoop } from '../../../../local/load/closed-loop';

/** What every answer takes, by the clock of the test. */
const ANSWER_MS = 10;

/**
 * A model server that holds requests until so many are under way, and then answers all of them: time goes by there only, so
 * that no machine is too slow for what is asked of it. A body `bad` gets a 500.
 */
class HoldingServer {
  readonly bodies: string[] = [];
  nowMs = 0;
  private readonly held: (() => void)[] = [];
  private server: Server | undefined;

  /** @param together requests that are answered at a time */
  async start(together: number): Promise<string> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.bodies.push(`${request.url} ${request.headers['content-type']} ${body}`);
        this.held.push(() => answer(response, body));
        if (this.held.length < together) return;
        this.nowMs += ANSWER_MS;
        for (const each of this.held.splice(0)) each();
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

function answer(response: ServerResponse, body: string): void {
  response.writeHead(body === 'bad' ? 500 : 200).end('answer');
}

describe('a closed loop of requests', () => {
  let server: HoldingServer;
  beforeEach(() => {
    server = new HoldingServer();
  });
  afterEach(() => server.stop());

  const run = async ({ concurrency = 3, ...overrides }: Partial<Parameters<typeof closedLoop>[0]> = {}) =>
    closedLoop({
      url: await server.start(concurrency),
      bodies: ['a', 'b'],
      contentType: 'text/csv',
      concurrency,
      warmUpMs: 0,
      windowMs: 100,
      now: () => server.nowMs,
      ...overrides,
    });

  test('keeps so many requests under way, in turn, and measures how long they take', async () => {
    // A server that waits for three would wait for ever if there were fewer.
    expect(await run()).toEqual({
      answered: 30,
      failed: 0,
      perSecond: 300,
      medianMs: ANSWER_MS,
      p99Ms: ANSWER_MS,
    });
    expect(server.bodies).toHaveLength(30);
    expect(server.bodies.filter((body) => body === '/invocations text/csv a')).toHaveLength(15);
    expect(server.bodies.filter((body) => body === '/invocations text/csv b')).toHaveLength(15);
  });

  test('counts what is not answered with 200, apart from what is', async () => {
    expect(await run({ bodies: ['bad'], windowMs: 30 })).toMatchObject({
      answered: 0,
      failed: 9,
      perSecond: 0,
      p99Ms: Number.NaN,
    });
  });

  test('counts nothing of the time before the window', async () => {
    expect(await run({ warmUpMs: 200, windowMs: 50, concurrency: 1 })).toMatchObject({ answered: 6, perSecond: 120 });
    expect(server.bodies).toHaveLength(25);
  });

  test('ends once the requests under way are answered when it is told to', async () => {
    const told = new AbortController();
    const tellAt = () => {
      if (server.nowMs >= 40) told.abort();
      return server.nowMs;
    };
    await run({ windowMs: 60_000, signal: told.signal, now: tellAt });
    expect(server.bodies).toHaveLength(12);
  });

  test('says that nothing was answered when nobody listens', async () => {
    let nowMs = 0;
    const answered = run({ url: 'http://127.0.0.1:1', now: () => (nowMs += 1) });
    expect(await answered).toMatchObject({ answered: 0, failed: expect.any(Number) });
    expect((await answered).failed).toBeGreaterThan(0);
  });

  test("goes by the machine's clock if it is given none", async () => {
    const began = performance.now();
    await run({ windowMs: 50, now: undefined, concurrency: 1 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(50);
  });
});
