import { assert, integer, property } from 'fast-check';
import { timing } from '../../../../charts/server/timing';
import { ModelOnKubernetes } from '../../../../config/kubernetes/model';

const of = (loadSeconds: number, longestRequestSeconds?: number) =>
  timing(ModelOnKubernetes.parse({ loadSeconds, longestRequestSeconds }));

describe('the times of a pod', () => {
  test('give three times the measured load to start, and never less than half a minute', () => {
    expect(of(1)).toMatchObject({ startupPeriod: 1, startupFailures: 30 });
    expect(of(10)).toMatchObject({ startupPeriod: 1, startupFailures: 30 });
    expect(of(200)).toMatchObject({ startupPeriod: 10, startupFailures: 60 });
  });

  test('let the longest request end, and give an update ten minutes more than the start', () => {
    expect(of(4)).toMatchObject({ preStop: 15, terminationGrace: 80, progressDeadline: 630 });
    expect(of(4, 1)).toMatchObject({ terminationGrace: 21 });
  });

  test('hold for every load and every request', () => {
    assert(
      property(integer({ min: 1, max: 3600 }), integer({ min: 1, max: 3600 }), (load, request) => {
        const times = of(load, request);
        expect(times.startupPeriod * times.startupFailures).toBeGreaterThanOrEqual(load * 3);
        expect(times.startupPeriod).toBeLessThanOrEqual(10);
        expect(times.terminationGrace).toBeGreaterThan(times.preStop + request);
        expect(times.progressDeadline).toBeGreaterThan(times.startupPeriod * times.startupFailures);
      }),
    );
  });
});
