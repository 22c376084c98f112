import * as fc from 'fast-check';
import type { DataCapture } from '../../../../../local/sagemaker/endpoint/data-capture';
import type { Fleet } from '../../../../../local/sagemaker/endpoint/fleet';
import type { InvocationMetrics } from '../../../../../local/sagemaker/endpoint/invocation-metrics';
import { ShadowCopies } from '../../../../../local/sagemaker/endpoint/shadow-copies';

/** A fleet whose shadow has no instance: each copy ends at once, as an error of the shadow's. */
function fleet(production: number, shadow: number): Fleet {
  const spec = { name: 'Shadow', weight: shadow };
  return {
    spec: { variants: [{ weight: production }] },
    shadow: { spec, next: () => undefined, inService: [] },
  } as unknown as Fleet;
}

/** @returns copies of so many requests */
async function copies(production: number, shadow: number, requests: number): Promise<number> {
  let copied = 0;
  const metrics = { record: () => void (copied += 1) } as unknown as InvocationMetrics;
  const shadows = new ShadowCopies({
    timeoutMs: 1,
    metrics,
    capture: {} as DataCapture,
    log: () => undefined,
    mostInFlight: requests,
  });
  const target = fleet(production, shadow);
  for (let request = 0; request < requests; request += 1)
    shadows.offer(target, { endpointName: 'e', body: Buffer.alloc(0) });
  await new Promise((resolve) => setImmediate(resolve));
  expect(shadows.dropped).toBe(0);
  return copied;
}

test('the share that is copied is the weight of the shadow relative to that of the production variant', async () => {
  const weight = fc.double({ min: 0.01, max: 10, noNaN: true });
  await fc.assert(
    fc.asyncProperty(weight, fc.oneof(weight, fc.constant(0)), fc.integer({ min: 1, max: 100 }), async (...weights) => {
      const [production, shadow, requests] = weights;
      const expected = Math.min(1, shadow / production) * requests;
      expect(Math.abs((await copies(production, shadow, requests)) - expected)).toBeLessThan(1 + 1e-6);
    }),
  );
});

test('everything is copied at a share of 1 and above, and nothing at 0', async () => {
  expect(await copies(1, 1, 50)).toBe(50);
  expect(await copies(1, 7, 50)).toBe(50);
  expect(await copies(1, 0, 50)).toBe(0);
  expect(await copies(0, 0, 50)).toBe(0);
});

test('copies beyond the bound are dropped, counted, and told of at each power of two', () => {
  const messages: string[] = [];
  const shadows = new ShadowCopies({
    timeoutMs: 1,
    capture: {} as DataCapture,
    log: (message) => messages.push(message),
    mostInFlight: 2,
  });
  const target = fleet(1, 1);
  for (let request = 0; request < 7; request += 1) shadows.offer(target, { endpointName: 'e', body: Buffer.alloc(0) });
  expect(shadows.dropped).toBe(5);
  expect(messages.map((message) => /(\d+) copies/.exec(message)?.[1])).toEqual(['1', '2', '4']);
});
