import { Duration } from 'aws-cdk-lib';
import type { Rollout } from '../../../../config/rollout';
import { deploymentConfig, rolloutTiming } from '../../../../constructs/serving/deployment-config';
import { blueGreen, canary, guards, linear } from './smallest-endpoint';

const timing = (rollout: Rollout, terminationMinutes = 5, startupMinutes = 4) =>
  rolloutTiming({
    rollout,
    terminationWait: Duration.minutes(terminationMinutes),
    startup: Duration.minutes(startupMinutes),
  });
const config = (rollout: Rollout) =>
  deploymentConfig({
    rollout,
    terminationWait: Duration.minutes(5),
    startup: Duration.minutes(4),
    rollbackAlarmNames: ['errors', 'latency'],
  });

describe('a DeploymentConfig', () => {
  test.each([
    [canary({ percent: 25 }), { type: 'CANARY', canarySize: { type: 'CAPACITY_PERCENT', value: 25 } }, 600],
    [linear({ stepPercent: 30 }), { type: 'LINEAR', linearStepSize: { type: 'CAPACITY_PERCENT', value: 30 } }, 300],
    [blueGreen(), { type: 'ALL_AT_ONCE' }, 600],
  ])('routes traffic as the rollout %j says', (rollout, routing, waitIntervalInSeconds) => {
    expect(config(rollout)?.blueGreenUpdatePolicy).toMatchObject({
      trafficRoutingConfiguration: { ...routing, waitIntervalInSeconds },
      terminationWaitInSeconds: 300,
    });
  });

  test('goes back when any of the alarms goes off', () => {
    expect(config(canary())?.autoRollbackConfiguration).toEqual({
      alarms: [{ alarmName: 'errors' }, { alarmName: 'latency' }],
    });
  });

  test('is none where all traffic moves at once and nothing goes back', () => {
    expect(config({ kind: 'allAtOnce', guards })).toBeUndefined();
  });

  test('pauses for 0 seconds, and goes back for no alarm, where nothing is to be watched', () => {
    const { blueGreenUpdatePolicy, autoRollbackConfiguration } =
      deploymentConfig({
        rollout: canary({ bakeMinutes: 0 }),
        terminationWait: Duration.seconds(0),
        startup: Duration.minutes(4),
        rollbackAlarmNames: [],
      }) ?? {};
    expect(blueGreenUpdatePolicy).toMatchObject({
      trafficRoutingConfiguration: { waitIntervalInSeconds: 0 },
      terminationWaitInSeconds: 0,
    });
    expect(autoRollbackConfiguration).toBeUndefined();
  });

  test('ends a deployment no earlier than its timing says', () => {
    expect(config(linear())?.blueGreenUpdatePolicy).toMatchObject({
      maximumExecutionTimeoutInSeconds: timing(linear()).maximumExecutionSeconds,
    });
  });
});

describe('the timing of a rollout', () => {
  test.each([
    ['a canary, once with the canary and once with all', canary({ bakeMinutes: 7 }), 2, 420],
    ['a linear rollout, at each step', linear({ stepPercent: 25, stepMinutes: 3 }), 4, 180],
    ['a linear rollout whose last step is smaller', linear({ stepPercent: 30, stepMinutes: 3 }), 4, 180],
    ['nothing when all traffic moves at once', { kind: 'allAtOnce', guards } as const, 0, 0],
    ['a blue-green rollout, once', blueGreen({ bakeMinutes: 9 }), 1, 540],
  ])('pauses with %s', (_, rollout, waits, waitSeconds) => {
    expect(timing(rollout)).toMatchObject({ waits, waitSeconds });
  });

  test('counts all pauses and the termination wait', () => {
    expect(timing(canary({ bakeMinutes: 10 }), 5).totalWaitSeconds).toBe(2 * 600 + 300);
    expect(timing(blueGreen({ bakeMinutes: 10 }), 0).totalWaitSeconds).toBe(600);
  });

  test.each([
    canary({ bakeMinutes: 1 }),
    canary({ bakeMinutes: 60 }),
    linear({ stepPercent: 10, stepMinutes: 30 }),
    blueGreen({ bakeMinutes: 1 }),
  ])('leaves %j room for the fleet to start besides the waits, and SageMaker its minimum', (rollout) => {
    const { totalWaitSeconds, maximumExecutionSeconds } = timing(rollout, 5, 10);
    expect(maximumExecutionSeconds - totalWaitSeconds).toBeGreaterThanOrEqual(600 + 10 * 60);
    expect(maximumExecutionSeconds).toBeGreaterThanOrEqual(600);
  });

  test('grows with the time that a container takes to start', () => {
    expect(timing(canary(), 5, 60).maximumExecutionSeconds - timing(canary(), 5, 4).maximumExecutionSeconds).toBe(
      56 * 60,
    );
  });
});
