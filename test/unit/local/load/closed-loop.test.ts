import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closedLoop } from '../../../../local/load/closed-loop';

/** A model server whose answers take a while, and are wrong when a body says so. */
class SlowServer {
  readonly bodies: string[] = [];
  underWay = 0;
  most = 0;
  private server: Server | undefined;

  async start(delayMs: number): Promise<string> {
    this.server = createServer((request, response) => {
      this.underWay += 1;
      this.most = Math.max(this.most, this.underWay);
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () =>
        setTimeout(() => {
          this.bodies.push(`${request.url} ${request.headers['content-type']} ${body}`);
          this.underWay -= 1;
          response.writeHead(body === 'bad' ? 500 : 200).end('answer');
        }, delayMs),
      );
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

describe('a closed loop of requests', () => {
  let slow: SlowServer;
  let url: string;
  beforeEach(async () => {
    slow = new SlowServer();
    url = await slow.start(10);
  });
  afterEach(() => slow.stop());

  const run = (overrides: Partial<Parameters<typeof closedLoop>[0]> = {}) =>
    closedLoop({
      url,
      bodies: ['a', 'b'],
      contentType: 'text/csv',
      concurrency: 3,
      warmUpMs: 0,
      windowMs: 600,
      ...overrides,
    });

  test('keeps so many requests under way, in turn, and measures how long they take', async () => {
    const { answered, failed, perSecond, medianMs, p99Ms } = await run();
    expect(slow.most).toBe(3);
    expect(new Set(slow.bodies)).toEqual(new Set(['/invocations text/csv a', '/invocations text/csv b']));
    expect(failed).toBe(0);
    expect(answered).toBeGreaterThan(3);
    expect(perSecond).toBeCloseTo(answered / 0.6);
    expect(medianMs).toBeGreaterThanOrEqual(9);
    expect(p99Ms).toBeGreaterThanOrEqual(medianMs);
  });

  test('counts what is not answered with 200, apart from what is', async () => {
    expect(await run({ bodies: ['bad'] })).toMatchObject({ answered: 0, perSecond: 0, p99Ms: Number.NaN });
    expect((await run({ bodies: ['bad'] })).failed).toBeGreaterThan(0);
  });

  test('counts nothing of the time before the window', async () => {
    const before = slow.bodies.length;
    const { answered } = await run({ warmUpMs: 200, windowMs: 50, concurrency: 1 });
    expect(answered).toBeLessThan((slow.bodies.length - before) / 2);
  });

  test('ends at once when it is told to', async () => {
    await expect(run({ windowMs: 60_000, signal: AbortSignal.timeout(20) })).resolves.toBeDefined();
  });

  test('says that nothing was answered when nobody listens', async () => {
    const { answered, failed } = await run({ url: 'http://127.0.0.1:1', windowMs: 300 });
    expect({ answered, someFailed: failed > 0 }).toEqual({ answered: 0, someFailed: true });
  });
});
