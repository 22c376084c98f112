import { Autoscaling, autoscalingOf } from '../../../config/autoscaling';
import { SCALING_RULES } from '../../../config/check-autoscaling';
import type { ModelInput } from '../../../config/model-spec';
import { defineModels } from '../../../config/schema';
import { model } from './smallest';

const parse = (overrides: Partial<ModelInput>) => defineModels({ churn: model(overrides) }).churn;
const at = 'config/models.ts: churn.autoscaling';

describe("a model's autoscaling", () => {
  test('follows 600 requests a minute and instance unless told otherwise', () => {
    const invocations = { kind: 'invocations', scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 300 };
    expect(autoscalingOf(parse({}))).toMatchObject({ ...invocations, perInstancePerMinute: 600 });
    expect(autoscalingOf(parse({ invocationsPerInstancePerMinute: 90 }))).toMatchObject({
      ...invocations,
      perInstancePerMinute: 90,
    });
  });

  test('follows the queue of an asynchronous endpoint, to nothing, and nothing of a batch', () => {
    expect(autoscalingOf({ serving: { mode: 'asynchronous' } })).toMatchObject({
      kind: 'backlog',
      perInstance: 5,
      scaleToZero: true,
      scaleOutCooldownSeconds: 300,
      scaleInCooldownSeconds: 600,
    });
    expect(autoscalingOf({ serving: { mode: 'batch' } })).toBeUndefined();
    expect(autoscalingOf({ serving: { mode: 'serverless' } })).toBeUndefined();
  });

  test('is what the model says, with the documented defaults', () => {
    const steps = { scaleOut: [{ from: 60, add: 1 }], scaleIn: [{ to: 30, remove: 1 }] };
    const { autoscaling } = parse({ autoscaling: { kind: 'step', metric: 'CPUUtilization', ...steps } });
    expect(autoscaling).toMatchObject({ scaleOutMinutes: 3, scaleInMinutes: 15, scheduledActions: {} });
    expect(Autoscaling.parse({ kind: 'copies', perCopy: 1, min: 0, max: 1 })).toMatchObject({
      metric: 'concurrentRequests',
    });
    expect(Autoscaling.parse({ kind: 'provisionedConcurrency', min: 1, max: 1 })).toMatchObject({
      utilizationPercent: 70,
    });
    const actions = { night: { schedule: 'rate(1 day)', min: 1, max: 1 } };
    expect(Autoscaling.parse({ kind: 'scheduled', scheduledActions: actions })).toMatchObject({
      scheduledActions: { night: { timeZone: 'UTC' } },
    });
  });

  test('is none where the model says so, whatever the mode would scale by', () => {
    const none = { kind: 'none' } as const;
    expect(autoscalingOf(parse({ autoscaling: none }))).toBeUndefined();
    expect(autoscalingOf(parse({ autoscaling: none, serving: { mode: 'asynchronous' } }))).toBeUndefined();
    expect(() => parse({ autoscaling: none, invocationsPerInstancePerMinute: 90 })).toThrow(
      'config/models.ts: churn.invocationsPerInstancePerMinute: goes without autoscaling, got 90 beside none; keep one of the two',
    );
    expect(() => parse({ autoscaling: { ...none, scheduledActions: {} } as never })).toThrow('scheduledActions');
  });

  test('is said once', () => {
    const both = {
      invocationsPerInstancePerMinute: 90,
      autoscaling: { kind: 'concurrency', requestsPerModel: 2 },
    } as const;
    expect(() => parse(both)).toThrow(
      'config/models.ts: churn.invocationsPerInstancePerMinute: goes without autoscaling, got 90 beside concurrency; keep one of the two',
    );
  });

  test.each([
    [{ kind: 'invocations', perInstancePerMinute: 0 }, 'perInstancePerMinute: must be at least 1, got 0'],
    [{ kind: 'invocations', perInstancePerMinute: Number.NaN }, 'perInstancePerMinute'],
    [{ kind: 'concurrency', requestsPerModel: 0 }, 'requestsPerModel: must be above 0, got 0'],
    [{ kind: 'concurrency', requestsPerModel: -1 }, 'requestsPerModel: must be above 0, got -1'],
    [{ kind: 'scheduled', scheduledActions: {} }, 'scheduledActions: scheduled scaling needs at least one action'],
    [
      { kind: 'scheduled', scheduledActions: { 'At Night': { schedule: 'rate(1 day)', min: 1, max: 1 } } },
      'scheduledActions.At Night',
    ],
    [{ kind: 'guess' }, 'kind'],
  ])('refuses %j', (autoscaling, message) => {
    expect(() => parse({ autoscaling } as never)).toThrow(`${at}.${message}`);
  });

  test('refuses wrong actions, all of their mistakes at once', () => {
    const wrong = () =>
      parse({
        autoscaling: {
          kind: 'scheduled',
          scheduledActions: {
            peak: { schedule: 'cron(0 7 * * *)', timeZone: 'Europe/Atlantis', min: 4, max: 3 },
            night: { schedule: 'rate(1 day)', timeZone: '+01:00', min: 1, max: 1 },
          },
        },
      });
    expect(wrong).toThrow(/^config\/models\.ts: 4 problems/);
    expect(wrong).toThrow(`${at}.scheduledActions.peak.schedule: a cron expression has six fields, got 5`);
    expect(wrong).toThrow(`${at}.scheduledActions.peak.timeZone: is no time zone, got Europe/Atlantis`);
    expect(wrong).toThrow(`${at}.scheduledActions.peak.min: must not exceed max, got 4 and 3`);
    expect(wrong).toThrow(`${at}.scheduledActions.night.timeZone: is no time zone, got +01:00`);
  });

  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    'takes the zone %s',
    (timeZone) => {
      const scheduledActions = { night: { schedule: 'rate(1 day)', timeZone, min: 1, max: 1 } };
      expect(() => parse({ autoscaling: { kind: 'scheduled', scheduledActions } })).not.toThrow();
    },
  );

  test.each([
    [{ kind: 'backlog' }, 'serve by asynchronous'],
    [{ kind: 'provisionedConcurrency', min: 1, max: 2 }, 'serve by serverless'],
    [{ kind: 'copies', perCopy: 1, min: 0, max: 2 }, 'serve by inference-component'],
  ] as const)('refuses %j of a real-time endpoint, and says the way out', (autoscaling, wayOut) => {
    expect(() => parse({ autoscaling })).toThrow(
      `${at}.kind: a model that serves by realtime can't scale by ${autoscaling.kind}`,
    );
    expect(() => parse({ autoscaling })).toThrow(`use invocations, concurrency, step, scheduled, or ${wayOut}`);
  });

  const serverless = (provisionedConcurrency: number | undefined, min: number, max: number) => () =>
    parse({
      serving: { mode: 'serverless', maxConcurrency: 20, ...(provisionedConcurrency && { provisionedConcurrency }) },
      rollout: { kind: 'allAtOnce' },
      autoscaling: { kind: 'provisionedConcurrency', min, max },
    });

  test('needs provisioned concurrency to scale any, within the bounds', () => {
    expect(serverless(undefined, 1, 4)).toThrow(
      `${at}.kind: needs serving.provisionedConcurrency, got none; give it 1`,
    );
    expect(serverless(2, 2, 20)).not.toThrow();
    expect(serverless(2, 3, 4)).toThrow(`${at}.min: must be 1 to 2, got 3`);
    expect(serverless(4, 1, 3)).toThrow(`${at}.max: must be 4 to 20, got 3`);
    expect(serverless(4, 1, 21)).toThrow(`${at}.max: must be 4 to 20, got 21`);
  });

  test('goes with what a real-time endpoint can follow', () => {
    const kinds = Object.entries(SCALING_RULES).filter(([, { modes }]) => modes.includes('realtime'));
    expect(kinds.map(([kind]) => kind)).toEqual(['invocations', 'concurrency', 'step', 'scheduled']);
  });

  test('refuses the burstable ml.t2, which no autoscaling takes', () => {
    const on = (instanceType: `ml.${string}`) => parse({ serving: { mode: 'realtime', instanceType } });
    expect(() => on('ml.t2.medium')).toThrow(
      "config/models.ts: churn.serving.instanceType: an ml.t2 can't be scaled, got ml.t2.medium",
    );
    expect(() => on('ml.m5.large')).not.toThrow();
  });
});
