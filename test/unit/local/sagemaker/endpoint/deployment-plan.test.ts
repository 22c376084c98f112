import * as fc from 'fast-check';
import type { JsonObject } from '../../../../../core/json';
import {
  type DeploymentPlan,
  deploymentPlan,
  instancesFor,
  instancesKept,
} from '../../../../../local/sagemaker/endpoint/deployment-plan';
import type { Fleet } from '../../../../../local/sagemaker/endpoint/fleet';
import { Traffic } from '../../../../../local/sagemaker/endpoint/traffic';

const variants = (...counts: number[]) =>
  counts.map((instanceCount, index) => ({ name: `variant-${index}`, instanceCount }));
const blueGreen = (routing: JsonObject, more: JsonObject = {}, rollback?: JsonObject): JsonObject => ({
  BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { WaitIntervalInSeconds: 60, ...routing }, ...more },
  ...(rollback && { AutoRollbackConfiguration: rollback }),
});
const canary = (Value: number, Type = 'CAPACITY_PERCENT') => blueGreen({ Type: 'CANARY', CanarySize: { Type, Value } });
const linear = (Value: number, Type = 'CAPACITY_PERCENT') =>
  blueGreen({ Type: 'LINEAR', LinearStepSize: { Type, Value } });
const rolling = (Value: number, Type = 'CAPACITY_PERCENT', more: JsonObject = {}): JsonObject => ({
  RollingUpdatePolicy: { MaximumBatchSize: { Type, Value }, WaitIntervalInSeconds: 30, ...more },
});
const percents = ({ steps }: DeploymentPlan) => steps.map(({ greenPercent }) => greenPercent);

describe('the plan of a deployment', () => {
  test.each([
    ['nothing', undefined],
    ['an empty configuration', {}],
    ['no alarms', { AutoRollbackConfiguration: { Alarms: [] } }],
  ])('for %s is all at once, without a wait and for at most eight hours', (_, config) => {
    expect(deploymentPlan(config, variants(2))).toEqual({
      strategy: 'ALL_AT_ONCE',
      steps: [{ greenPercent: 100, waitSeconds: 0 }],
      terminationWaitSeconds: 0,
      maximumExecutionSeconds: 28_800,
      alarms: [],
      rollbackPercent: 100,
    });
  });

  test('has the waits, the limit and the alarms of the configuration', () => {
    const config = blueGreen(
      { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 7 },
      { TerminationWaitInSeconds: 5, MaximumExecutionTimeoutInSeconds: 600 },
      { Alarms: [{ AlarmName: 'a' }, { AlarmName: 'b' }] },
    );
    expect(deploymentPlan(config, variants(2))).toMatchObject({
      steps: [{ greenPercent: 100, waitSeconds: 7 }],
      terminationWaitSeconds: 5,
      maximumExecutionSeconds: 600,
      alarms: ['a', 'b'],
    });
  });

  test('bakes after the canary and after the rest', () => {
    expect(deploymentPlan(canary(10), variants(2)).steps).toEqual([
      { greenPercent: 10, waitSeconds: 60 },
      { greenPercent: 100, waitSeconds: 60 },
    ]);
  });

  test.each([
    ['canary of 1 %', canary(1), [1, 100], 1],
    ['canary of half', canary(50), [50, 100], 2],
    ['canary of 1 of 4 instances', canary(1, 'INSTANCE_COUNT'), [25, 100], 4],
    ['linear steps of 10 %', linear(10), [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 1],
    ['linear steps of 33 %', linear(33), [33, 66, 99, 100], 3],
    ['linear steps of half', linear(50), [50, 100], 2],
    ['linear steps of 1 of 3 instances', linear(1, 'INSTANCE_COUNT'), [100 / 3, 200 / 3, 100], 3],
    ['batches of at most 30 % of 4 instances', rolling(30), [25, 50, 75, 100], 4],
    ['batches of 5 % of 4 instances, which is one', rolling(5), [25, 50, 75, 100], 4],
    ['batches of 2 of 5 instances', rolling(2, 'INSTANCE_COUNT'), [40, 80, 100], 5],
  ])('for %s', (_, config, expected, count) => {
    const plan = deploymentPlan(config, variants(count));
    expect(percents(plan)).toEqual(expected);
  });

  test('of a rolling deployment goes back as it is told', () => {
    const back = (size: JsonObject | undefined) =>
      deploymentPlan(rolling(50, 'CAPACITY_PERCENT', { RollbackMaximumBatchSize: size }), variants(4)).rollbackPercent;
    expect(back(undefined)).toBe(100);
    expect(back({ Type: 'CAPACITY_PERCENT', Value: 50 })).toBe(50);
    expect(back({ Type: 'INSTANCE_COUNT', Value: 1 })).toBe(25);
  });

  const both = { ...canary(10), ...rolling(10) };
  const limit = (seconds: number) =>
    blueGreen(
      { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 500 },
      { TerminationWaitInSeconds: 100, MaximumExecutionTimeoutInSeconds: seconds },
    );
  test.each([
    [canary(51), 2, 'CanarySize: must be at most 50 % of the instances, got 51 %'],
    [canary(0), 2, 'CanarySize: must be at most 50 % of the instances, got 0 %'],
    [canary(-1), 2, 'got -1 %'],
    [canary(Number.NaN), 2, 'got NaN %'],
    [canary(2, 'INSTANCE_COUNT'), 3, 'CanarySize: must be at most 50 % of the instances, got 2 of 3'],
    [canary(1, 'INSTANCE_COUNT'), 1, 'got 1 of 1'],
    [blueGreen({ Type: 'CANARY' }), 2, 'CanarySize: must be at most 50 % of the instances, got none'],
    [linear(9), 2, 'LinearStepSize: must be 10 to 50 % of the instances, got 9 %'],
    [linear(51), 2, 'got 51 %'],
    [linear(1, 'INSTANCE_COUNT'), 11, 'got 1 of 11'],
    [blueGreen({ Type: 'LINEAR' }), 2, 'LinearStepSize: must be 10 to 50 % of the instances, got none'],
    [rolling(4), 2, 'MaximumBatchSize: must be 5 to 50 % of the instances, got 4 %'],
    [rolling(51), 2, 'got 51 %'],
    [both, 2, 'DeploymentConfig: must have one update policy, got two'],
    [
      blueGreen({ Type: 'ALL_AT_ONCE', CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 } }),
      2,
      'CanarySize: must not be given for ALL_AT_ONCE traffic routing',
    ],
    [limit(600), 2, 'MaximumExecutionTimeoutInSeconds: must be above the waits of 600 s, got 600'],
  ])('refuses %j for %d instances', (config, count, message) => {
    expect(() => deploymentPlan(config, variants(count))).toThrow(message);
  });

  test.each([
    [canary(1), 2],
    [canary(50), 2],
    [canary(1, 'INSTANCE_COUNT'), 2],
    [linear(10), 2],
    [linear(1, 'INSTANCE_COUNT'), 10],
    [rolling(5), 2],
    [rolling(50), 1],
    [limit(601), 2],
  ])('takes %j for %d instances', (config, count) => {
    expect(() => deploymentPlan(config, variants(count))).not.toThrow();
  });

  test('refuses to roll several variants, and to shift traffic in steps to other variants', () => {
    expect(() => deploymentPlan(rolling(50), variants(2, 2))).toThrow('must be for one variant, got 2');
    const other = [{ name: 'other', instanceCount: 2 }];
    expect(() => deploymentPlan(canary(10), other, variants(2))).toThrow(
      'must be those of the endpoint, variant-0, to shift traffic in steps, got other',
    );
    expect(() => deploymentPlan(undefined, other, variants(2))).not.toThrow();
  });

  test('tells all faults at once', () => {
    expect(() => deploymentPlan({ ...canary(51), ...rolling(51) }, variants(2))).toThrow(
      /two.*CanarySize.*MaximumBatchSize/,
    );
  });
});

const anyConfig = fc.oneof(
  fc.integer({ min: 1, max: 50 }).map((value) => ({ config: canary(value), bound: value })),
  fc.integer({ min: 10, max: 50 }).map((value) => ({ config: linear(value), bound: value })),
  fc.integer({ min: 5, max: 50 }).map((value) => ({ config: rolling(value), bound: 100 })),
);
const counts = fc.integer({ min: 1, max: 40 });

describe('for any configuration and any number of instances', () => {
  test('shares grow from above 0 to 100, and the first is at most as large as asked for', () => {
    fc.assert(
      fc.property(anyConfig, counts, ({ config, bound }, count) => {
        const shares = percents(deploymentPlan(config, variants(count)));
        expect(shares.at(-1)).toBe(100);
        expect(shares.every((share, index) => share > (shares[index - 1] ?? 0))).toBe(true);
        expect(shares[0]).toBeLessThanOrEqual(bound);
      }),
    );
  });

  test('some instances of the new fleet carry the traffic, none of them more than its part', () => {
    fc.assert(
      fc.property(anyConfig, counts, ({ config }, count) => {
        for (const percent of percents(deploymentPlan(config, variants(count)))) {
          const active = instancesFor(percent, count);
          expect(active).toBeGreaterThanOrEqual(1);
          expect(active).toBeLessThanOrEqual(count);
          expect(percent / active).toBeLessThanOrEqual(100 / count + 1e-9);
          // Not one instance more than that takes.
          expect(active - 1).toBeLessThan((count * percent) / 100);
        }
      }),
    );
  });

  test('a rolling deployment keeps an instance of the old fleet until all traffic has gone', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 99.9, noNaN: true }), counts, (percent, count) => {
        expect(instancesKept(percent, count)).toBeGreaterThanOrEqual(1);
        expect(instancesKept(percent, count)).toBeLessThanOrEqual(count);
      }),
    );
    expect(instancesKept(100, 4)).toBe(0);
  });

  test('requests are shared as the step says, to within one, and never go nowhere', () => {
    fc.assert(
      fc.property(anyConfig, counts, fc.integer({ min: 1, max: 300 }), ({ config }, count, requests) => {
        const [blue, green] = [{ serves: true }, { serves: true }] as unknown as [Fleet, Fleet];
        const traffic = new Traffic();
        for (const share of percents(deploymentPlan(config, variants(count)))) {
          traffic.shift(
            new Map([
              [blue, 100 - share],
              [green, share],
            ]),
          );
          const taken = Array.from({ length: requests }, () => traffic.next());
          expect(taken).not.toContain(undefined);
          const toGreen = taken.filter((fleet) => fleet === green).length;
          expect(Math.abs(toGreen - (requests * share) / 100)).toBeLessThan(2);
        }
      }),
    );
  });
});

describe('traffic', () => {
  const fleet = (serves: boolean) => ({ serves }) as Fleet;

  test('goes nowhere before there is a fleet', () => {
    expect(new Traffic().next()).toBeUndefined();
  });

  test('leaves a fleet that answers nobody to the other one, whatever its share', () => {
    const traffic = new Traffic();
    const [dead, alive] = [fleet(false), fleet(true)];
    traffic.shift(
      new Map([
        [dead, 100],
        [alive, 0],
      ]),
    );
    expect(traffic.next()).toBe(alive);
    expect(traffic.shareOf(dead)).toBe(100);
  });

  test('stays where it is while no fleet answers', () => {
    const traffic = new Traffic();
    const dead = fleet(false);
    traffic.shift(new Map([[dead, 100]]));
    expect(traffic.next()).toBe(dead);
  });
});
