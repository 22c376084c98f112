import { models } from '../../../../config/models';
import { requireGuard, slowSeconds } from '../../../../local/rehearsal/require-guard';

const guards = {
  ...models['flight-delay'].rollout.guards,
  errorRatePercent: null,
  p99LatencyMs: null,
  p50LatencyMs: null,
  predictionShift: null,
};
const prediction = { maximumShift: 0.3, minimumSamples: 100 };

describe('a rehearsal of a bad release', () => {
  test.each([
    ['errors', { errorRatePercent: 0 }, 'errorRatePercent'],
    ['slow', { p99LatencyMs: 1000 }, 'p99LatencyMs or p50LatencyMs'],
    ['slow', { p50LatencyMs: 100 }, 'p99LatencyMs or p50LatencyMs'],
    ['wrong', { predictionShift: prediction }, 'predictionShift'],
  ] as const)('that is %s needs a guard that sees it: %j', (fault, on, named) => {
    expect(() => requireGuard('churn', fault, { ...guards, ...on })).not.toThrow();
    expect(() => requireGuard('churn', fault, guards)).toThrow(
      `--bad ${fault}: needs a guard that sees it, got a rollout of churn without ${named};`,
    );
  });

  test('is slower than each of its guards allows', () => {
    expect(slowSeconds({ ...guards, p99LatencyMs: 1000 })).toBe(1.5);
    expect(slowSeconds({ ...guards, p99LatencyMs: 1000, p50LatencyMs: 2000 })).toBe(3);
    expect(slowSeconds(guards)).toBe(0);
  });
});
