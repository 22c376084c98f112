import { assert, asyncProperty } from 'fast-check';
import { randomRequest } from './random-request';
import { startApp } from './start-server';

/** `npm run test:fuzz` sends 100,000. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 2000);

test(
  'no request ends the server or gets a 5xx; what is refused is told why',
  async () => {
    const { app, admission } = startApp({ settings: { logLevel: 'silent' } });
    const statuses = new Map<number, number>();
    await assert(
      asyncProperty(randomRequest, async ({ method, url, headers, body }) => {
        const response = await app.inject({ method, url, headers, payload: method === 'GET' ? undefined : body });
        statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
        expect(response.statusCode).toBeLessThan(500);
        const error = response.statusCode < 400 ? 'none' : response.json<{ error: string }>().error;
        expect(error).toMatch(/^[^]{4,2000}$/);
      }),
      { numRuns: REQUESTS },
    );
    expect(admission.pending).toBe(0);
    // Else the requests would all have failed at the same first check.
    expect([...statuses.keys()].sort((a, b) => a - b)).toEqual(expect.arrayContaining([200, 400, 404, 405, 406, 415]));
    await app.close();
  },
  60_000 + 30 * REQUESTS,
);
