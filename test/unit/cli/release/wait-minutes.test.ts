import { Duration } from 'aws-cdk-lib';
import { parseWait, waitMinutes } from '../../../../cli/release/wait-minutes';
import { models } from '../../../../config/models';
import { Rollout } from '../../../../config/rollout';
import { rolloutTiming } from '../../../../constructs/serving/deployment-config';

function spec(rollout: object, startupSeconds: number): Parameters<typeof waitMinutes>[0] {
  const serving = { ...models['flight-delay'].serving, startupSeconds };
  return { rollout: Rollout.parse(rollout), serving };
}

describe('how long a command waits', () => {
  test.each([
    ['a canary', { kind: 'canary', bakeMinutes: 10 }, 170],
    ['a linear rollout', { kind: 'linear', stepPercent: 30, stepMinutes: 5 }, 170],
    ['blue/green', { kind: 'blueGreen', bakeMinutes: 15 }, 160],
  ])('is twice what %s may take', (_, rollout, minutes) => {
    expect(waitMinutes(spec(rollout, 241))).toBe(minutes);
  });

  test.each([
    { kind: 'canary', bakeMinutes: 60 },
    { kind: 'linear', stepPercent: 10, stepMinutes: 60 },
    { kind: 'blueGreen', bakeMinutes: 1 },
  ])('is longer than SageMaker gives two rollouts: %j', (input) => {
    const { maximumExecutionSeconds } = rolloutTiming({
      rollout: Rollout.parse(input),
      terminationWait: Duration.minutes(5),
      startup: Duration.hours(1),
    });
    expect(waitMinutes(spec(input, 3600)) * 60).toBeGreaterThan(2 * maximumExecutionSeconds);
  });

  test.each(['1', '10000'])('may be said to be %s', (text) => {
    expect(parseWait(text)).toBe(Number(text));
  });
});
