import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { load } from '../../performance/server/load';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** One request after another, each for so many milliseconds, whether or not its client is still there. */
async function serial(milliseconds: number): Promise<string> {
  let last = Promise.resolve();
  server = createServer((request, response) => {
    request.resume();
    const before = last;
    last = (async () => {
      await before;
      await delay(milliseconds);
      response.end('{}');
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a measurement', () => {
  test('begins once the server is done with what the one before left', async () => {
    const url = await serial(10);
    // Some 60 requests are left, 0.6 s, when their connections are broken off.
    await load({ url, body: '{}', connections: 64, seconds: 0.05 });
    const { perSecond, failed } = await load({ url, body: '{}', connections: 1, seconds: 0.3 });
    // Were they not waited for, the whole window would go by in them.
    expect(perSecond).toBeGreaterThan(0);
    expect(failed).toBe(0);
  });

  test('counts as failed what was waited for where nothing was answered', async () => {
    const url = await serial(200);
    expect(await load({ url, body: '{}', connections: 3, seconds: 0.05 })).toEqual({
      answers: 0,
      perSecond: 0,
      p50: 0,
      p99: 0,
      failed: 3,
    });
  });
});
