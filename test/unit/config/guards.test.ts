import { Guards, isUnguarded } from '../../../config/guards';
import type { ModelInput } from '../../../config/model-spec';
import { Rollout } from '../../../config/rollout';
import { defineModels } from '../../../config/schema';
import { model } from './smallest';

type GuardsInput = NonNullable<Extract<ModelInput['rollout'], { kind: 'canary' }>['guards']>;
type CustomInput = NonNullable<GuardsInput['custom']>[number];

const parse = (guards: GuardsInput) => () =>
  defineModels({ churn: model({ rollout: { kind: 'canary', guards } }) }).churn.rollout.guards;

describe('guards in config/models.ts', () => {
  test('have the documented defaults: errors and slow answers are watched, the rest is not', () => {
    expect(parse({})()).toEqual({ errorRatePercent: 1, p99LatencyMs: 1000, custom: [], minimumRequests: 20 });
  });

  test('can be turned off one by one, and all of them', () => {
    const off = parse({ errorRatePercent: null, p99LatencyMs: null })();
    expect(off).toMatchObject({ errorRatePercent: null, p99LatencyMs: null });
    expect(isUnguarded(off)).toBe(true);
    expect(isUnguarded(parse({ errorRatePercent: null })())).toBe(false);
    expect(isUnguarded(parse({ errorRatePercent: null, p99LatencyMs: null, cpuPercent: 50 })())).toBe(false);
    expect(isUnguarded(parse({ errorRatePercent: null, p99LatencyMs: null, custom: [custom] })())).toBe(false);
  });

  test('take 0 percent for a limit like any other', () => {
    const zero = parse({ errorRatePercent: 0, p99LatencyMs: null })();
    expect(zero.errorRatePercent).toBe(0);
    expect(isUnguarded(zero)).toBe(false);
  });

  const above0 = { beyond: [0, -1, 60_001, Number.NaN], within: [0.1, 60_000] };
  const percent = { beyond: [0, -1, 100, Number.NaN], within: [0.1, 99.9] };
  test.each<[keyof GuardsInput, { readonly beyond: readonly number[]; readonly within: readonly number[] }]>([
    ['errorRatePercent', { beyond: [-0.1, 100, Number.NaN], within: [0, 99.9] }],
    ['clientErrorRatePercent', { beyond: [-0.1, 100, Number.NaN], within: [0, 99.9] }],
    ['p50LatencyMs', above0],
    ['p99LatencyMs', above0],
    ['p50OverheadLatencyMs', above0],
    ['p99OverheadLatencyMs', above0],
    ['cpuPercent', percent],
    ['memoryPercent', percent],
    ['diskPercent', percent],
    ['minimumRequests', { beyond: [0, -1, 1.5, Number.NaN], within: [1, 1_000_000] }],
  ])('refuse a %s out of its bounds', (setting, { beyond, within }) => {
    for (const value of beyond) expect(parse({ [setting]: value })).toThrow(`churn.rollout.guards.${setting}: `);
    for (const value of within) expect(parse({ [setting]: value })()).toMatchObject({ [setting]: value });
  });

  test('say what is wrong with a number, and what to do', () => {
    expect(parse({ clientErrorRatePercent: 100 })).toThrow(
      'config/models.ts: churn.rollout.guards.clientErrorRatePercent: must be below 100, got 100; lower it',
    );
    expect(parse({ errorRatePercent: Number.NaN })).toThrow('got NaN; write a value of type number');
  });

  test('of predictions are off, and on with defaults of their own', () => {
    expect(parse({})().predictionShift).toBeUndefined();
    expect(parse({ predictionShift: {} })().predictionShift).toEqual({ maximumShift: 0.3, minimumSamples: 30 });
  });

  test.each([
    ['maximumShift', [0, -1, 1, Number.NaN]],
    ['minimumSamples', [0, -1, 1.5, 1_000_001, Number.NaN]],
  ])('of predictions refuse a %s out of its bounds', (setting, beyond) => {
    for (const value of beyond)
      expect(parse({ predictionShift: { [setting]: value } })).toThrow(`guards.predictionShift.${setting}: `);
  });

  const custom: CustomInput = {
    name: 'Basket',
    namespace: 'Shop',
    metricName: 'BasketValue',
    statistic: 'Average',
    threshold: 0,
  };

  test('of a metric of your own have the documented defaults', () => {
    expect(parse({ custom: [custom] })().custom).toEqual([
      { ...custom, dimensions: {}, comparison: 'GreaterThanThreshold', minutes: 1 },
    ]);
  });

  test.each<[string, Partial<CustomInput>]>([
    ['name', { name: 'basket value' }],
    ['name', { name: 'B'.repeat(41) }],
    ['namespace', { namespace: ':Shop' }],
    ['namespace', { namespace: '' }],
    ['metricName', { metricName: '' }],
    ['statistic', { statistic: 'Median' }],
    ['statistic', { statistic: 'p101' }],
    ['threshold', { threshold: Number.NaN }],
    ['threshold', { threshold: Number.POSITIVE_INFINITY }],
    ['minutes', { minutes: 0 }],
    ['minutes', { minutes: -1 }],
    ['minutes', { minutes: 61 }],
    ['minutes', { minutes: 1.5 }],
    ['minutes', { minutes: Number.NaN }],
    ['dimensions.Endpoint', { dimensions: { Endpoint: '{endpoint}' } }],
    ['dimensions', { dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`d${n}`, 'x'])) }],
  ])('of a metric of your own refuse a wrong %s', (setting, overrides) => {
    expect(parse({ custom: [{ ...custom, ...overrides }] })).toThrow(`churn.rollout.guards.custom.0.${setting}: `);
  });

  test.each<Partial<CustomInput>>([
    { statistic: 'p0' },
    { statistic: 'p99.99' },
    { statistic: 'p100' },
    { statistic: 'SampleCount' },
    { threshold: -5 },
    { minutes: 60 },
    { dimensions: { Endpoint: '{endpointName}-{variantName}' } },
  ])('of a metric of your own take %j', (overrides) => {
    expect(parse({ custom: [{ ...custom, ...overrides }] })().custom[0]).toMatchObject(overrides);
  });

  test('of metrics of your own each have a name of their own, for it becomes that of an alarm', () => {
    expect(parse({ custom: [custom, custom] })).toThrow('each of the custom guards has a name of its own');
    expect(parse({ custom: [custom, { ...custom, name: 'Other' }] })().custom).toHaveLength(2);
  });
});

describe('a rollout', () => {
  test.each([{ kind: 'canary' }, { kind: 'linear' }, { kind: 'blueGreen' }] as const)(
    'of kind %j goes on when it was inconclusive, unless it says otherwise',
    (rollout) => {
      expect(Rollout.parse(rollout)).toMatchObject({ whenInconclusive: 'proceed', guards: Guards.parse({}) });
      expect(Rollout.parse({ ...rollout, whenInconclusive: 'rollBack' })).toMatchObject({
        whenInconclusive: 'rollBack',
      });
      expect(() => Rollout.parse({ ...rollout, whenInconclusive: 'ignore' })).toThrow('rollBack');
    },
  );

  test.each([
    [{ kind: 'canary', bakeMinutes: 0 }],
    [{ kind: 'linear', stepMinutes: 0 }],
    [{ kind: 'blueGreen', bakeMinutes: 0 }],
  ])('takes a pause of 0, as SageMaker does: %j', (rollout) => {
    expect(Rollout.parse(rollout)).toMatchObject(rollout);
  });

  test('that moves all traffic at once has no step that could be inconclusive', () => {
    expect(() => Rollout.parse({ kind: 'allAtOnce', whenInconclusive: 'rollBack' })).toThrow('whenInconclusive');
  });
});
