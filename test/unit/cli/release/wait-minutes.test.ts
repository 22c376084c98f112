import { Duration } from 'aws-cdk-lib';
import { parseWait, waitMinutes } from '../../../../cli/release/wait-minutes';
import { Rollout } from '../../../../config/rollout';
import { rolloutTiming } from '../../../../constructs/serving/deployment-config';

describe('how long a command waits', () => {
  test.each([
    ['a canary', { kind: 'canary', bakeMinutes: 10 }, 160],
    ['a linear rollout', { kind: 'linear', stepPercent: 30, stepMinutes: 5 }, 160],
    ['blue/green', { kind: 'blueGreen', bakeMinutes: 15 }, 150],
  ])('is twice what %s may take', (_, rollout, minutes) => {
    expect(waitMinutes(Rollout.parse(rollout))).toBe(minutes);
  });

  test.each([
    { kind: 'canary', bakeMinutes: 60 },
    { kind: 'linear', stepPercent: 10, stepMinutes: 60 },
    { kind: 'blueGreen', bakeMinutes: 1 },
  ])('is longer than SageMaker gives two rollouts: %j', (input) => {
    const rollout = Rollout.parse(input);
    const { maximumExecutionSeconds } = rolloutTiming({
      rollout,
      terminationWait: Duration.minutes(5),
      startup: Duration.minutes(10),
    });
    expect(waitMinutes(rollout) * 60).toBeGreaterThan(2 * maximumExecutionSeconds);
  });

  test.each(['1', '10000'])('may be said to be %s', (text) => {
    expect(parseWait(text)).toBe(Number(text));
  });
});
