import { type Ask, whyOf } from '../../../../local/traffic/ask-endpoint';
import { generateTraffic } from '../../../../local/traffic/generate-traffic';
import type { TrafficTotals } from '../../../../local/traffic/traffic-totals';

/** Sends until so many requests have been asked for. @returns the last totals */
async function send(requests: number, ask: Ask, perSecond = 500): Promise<TrafficTotals> {
  const stop = new AbortController();
  const reports: TrafficTotals[] = [];
  await generateTraffic({
    perSecond,
    signal: stop.signal,
    reportMs: 5,
    drainMs: 50,
    report: (totals) => reports.push(totals),
    ask: (row) => {
      if (row === requests - 1) stop.abort();
      return ask(row);
    },
  });
  return reports.at(-1) as TrafficTotals;
}

describe('steady traffic', () => {
  test('counts answers, failures by their reason, and what was right', async () => {
    const asked: number[] = [];
    const totals = await send(6, async (row) => {
      asked.push(row);
      if (row === 2) return { kind: 'failed', milliseconds: 1, why: '500' };
      if (row === 5) return { kind: 'failed', milliseconds: 1, why: 'ECONNREFUSED' };
      return { kind: 'succeeded', milliseconds: 4, correct: row < 2 };
    });
    // As many as were due at the moment of the stop are still sent.
    expect(asked).toEqual(asked.map((_, index) => index));
    expect(totals).toMatchObject({ sent: asked.length, failed: 2, correct: 2 });
    expect(totals.failures).toEqual({ '500': 1, ECONNREFUSED: 1 });
    expect(totals.succeeded).toBe(asked.length - 2);
  });

  test('goes on sending while answers are outstanding, and waits for them at the end', async () => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const totals = await send(5, async (row) => {
      if (row === 4) answer();
      await held;
      return { kind: 'succeeded', milliseconds: 1, correct: true };
    });
    expect(totals.succeeded).toBe(totals.sent);
    expect(totals.sent).toBeGreaterThanOrEqual(5);
  });

  test('does not wait for ever for an answer that never comes', async () => {
    const totals = await send(2, () => new Promise(() => undefined));
    expect(totals).toMatchObject({ succeeded: 0, failed: 0, p50Ms: null, p99Ms: null });
    expect(totals.sent).toBeGreaterThanOrEqual(2);
  });
});

describe('why a request failed', () => {
  test.each([
    ['the status of the model', { OriginalStatusCode: 500, $metadata: { httpStatusCode: 424 } }, '500'],
    ['the status of the service', { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }, '503'],
    ['the code of a connection', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['the name of whatever else it is', new SyntaxError('x'), 'SyntaxError'],
    ['unknown', {}, 'unknown'],
  ])('is %s', (_, error, why) => {
    expect(whyOf(error)).toBe(why);
  });
});
