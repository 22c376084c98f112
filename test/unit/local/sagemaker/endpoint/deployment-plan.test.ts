import {
  type DeploymentStep,
  deploymentPlan,
  shiftTraffic,
} from '../../../../../local/sagemaker/endpoint/deployment-plan';
import type { Fleet } from '../../../../../local/sagemaker/endpoint/fleet';
import { Traffic } from '../../../../../local/sagemaker/endpoint/traffic';

const blue = { name: 'blue' } as unknown as Fleet;
const green = { name: 'green' } as unknown as Fleet;

describe('the plan of a deployment', () => {
  test.each([
    ['nothing', undefined, []],
    ['an empty configuration', {}, []],
    [
      'all at once',
      { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 } } },
      [],
    ],
    [
      'all at once with a wait',
      { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 60 } } },
      ['the wait of 60 s'],
    ],
    [
      'linear steps',
      { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'LINEAR', WaitIntervalInSeconds: 0 } } },
      ['LINEAR traffic routing'],
    ],
    ['a rolling update', { RollingUpdatePolicy: {} }, ['the rolling update']],
    [
      'alarms',
      { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'a' }, { AlarmName: 'b' }] } },
      ['rollback on a, b'],
    ],
    ['no alarms', { AutoRollbackConfiguration: { Alarms: [] } }, []],
  ])('for %s has one step, and names what it leaves out', (_, config, ignored) => {
    expect(deploymentPlan(config)).toEqual({
      ignored,
      steps: [{ greenPercent: 100, waitSeconds: 0 }],
      terminationWaitSeconds: 0,
    });
  });
});

describe('traffic', () => {
  const plan = (...steps: DeploymentStep[]) => ({ ignored: [], steps, terminationWaitSeconds: 0 });

  test('is shared as each step says, and ends on the new fleet alone', async () => {
    const traffic = new Traffic();
    traffic.shift(new Map([[blue, 100]]));
    const shares: number[] = [];
    await shiftTraffic({
      plan: plan(
        { greenPercent: 10, waitSeconds: 0.01 },
        { greenPercent: 50, waitSeconds: 0 },
        { greenPercent: 100, waitSeconds: 0 },
      ),
      traffic,
      blue,
      green,
      signal: new AbortController().signal,
      onStep: () =>
        shares.push(Array.from({ length: 100 }, () => traffic.next()).filter((fleet) => fleet === green).length),
    });
    expect(shares).toEqual([10, expect.any(Number), 100]);
    expect(shares[1]).toBeGreaterThanOrEqual(49);
    expect(shares[1]).toBeLessThanOrEqual(51);
    expect([...traffic.current.keys()]).toEqual([green]);
  });

  test('goes back to the old fleet when a shift is ended early', async () => {
    const traffic = new Traffic();
    const cancel = new AbortController();
    const shifting = shiftTraffic({
      plan: plan({ greenPercent: 10, waitSeconds: 3_600 }, { greenPercent: 100, waitSeconds: 0 }),
      traffic,
      blue,
      green,
      signal: cancel.signal,
    });
    expect([...traffic.current.values()]).toEqual([90, 10]);
    cancel.abort();
    await expect(shifting).rejects.toThrow('aborted');
    expect([...traffic.current]).toEqual([[blue, 100]]);
  });

  test('goes nowhere before there is a fleet', () => {
    expect(new Traffic().next()).toBeUndefined();
  });
});
