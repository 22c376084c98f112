import type { Guards } from '../../../../config/guards';
import type { EndpointSettings } from '../../../../constructs/serving/rules/service-rule';
import { checkServiceRules, RULES_AT_DEPLOY_TIME, SERVICE_RULES } from '../../../../constructs/serving/service-rules';
import { blueGreen, canary, guards, linear } from './smallest-endpoint';
import { allAtOnce, asynchronous, batch, component, serverless, settings, shadow, variant } from './smallest-settings';

const RULES = Object.values(SERVICE_RULES).flat();

/** Ids of the rules that settings break, each with the setting that it names. */
function broken(given: EndpointSettings): string[] {
  return RULES.flatMap(({ id, breaches }) => breaches(given).map(({ setting }) => `${id}: ${setting}`));
}

const rollout = (given: Parameters<typeof settings>[0] = {}, of = canary()) =>
  settings({ ...given, deployment: { rollout: of } });
const withGuards = (overrides: Partial<Guards>) => ({ guards: { ...guards, ...overrides } });
const unguarded = { errorRatePercent: null, p99LatencyMs: null };
const shift = (maximumShift = 0.3, minimumSamples = 100) => ({ maximumShift, minimumSamples });
const one = (overrides: Parameters<typeof variant>[0]) => settings({ variants: [variant(overrides)] });
const rolling = (stepPercent: number) =>
  component({ deployment: { rollout: linear({ stepPercent, guards: { ...guards, errorRatePercent: 1 } }) } });
const inf1 = { instanceType: 'ml.inf1.xlarge' };
const lasting = (days: number) => ({
  experiment: {
    startsAt: '2026-03-01T00:00:00Z',
    endsAt: new Date(Date.parse('2026-03-01T00:00:00Z') + days * 86_400_000).toISOString(),
  },
});
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => variant({ name: index === 0 ? 'AllTraffic' : `v${index}` }));

interface Case {
  /** What the settings are called in the output. */
  readonly rule: string;
  /** The setting that the fault names. */
  readonly setting: string;
  /** The nearest settings that keep the rule, and all others. */
  readonly keeps: readonly EndpointSettings[];
  readonly breaks: readonly EndpointSettings[];
}

const CASES: readonly Case[] = [
  {
    rule: 'instance-count',
    setting: 'instanceCount',
    keeps: [settings({ variants: [variant({ instanceCount: 1 })], deployment: { rollout: blueGreen() } })],
    breaks: [0, -1, 1.5, Number.NaN].map((instanceCount) =>
      settings({ variants: [variant({ instanceCount })], deployment: { rollout: blueGreen() } }),
    ),
  },
  {
    rule: 'startup-health-check',
    setting: 'startup',
    keeps: [60, 3600].map((startupSeconds) => one({ startupSeconds })),
    breaks: [59, 3601, 60.5, Number.NaN].map((startupSeconds) => one({ startupSeconds })),
  },
  {
    rule: 'capture-percentage',
    setting: 'capturePercent',
    keeps: [0, 100].map((capturePercent) => settings({ capturePercent })),
    breaks: [-1, 101, 0.5, Number.NaN].map((capturePercent) => settings({ capturePercent })),
  },
  {
    rule: 'variant-count',
    setting: 'variants',
    keeps: [1, 10].map((count) => settings({ variants: many(count) })),
    breaks: [settings({ variants: many(11) }), settings({ variants: [] })],
  },
  {
    rule: 'variant-names',
    setting: 'variants.1.name',
    keeps: ['b', 'a-B-1', `b${'c'.repeat(62)}`].map((name) => settings({ variants: [variant(), variant({ name })] })),
    breaks: ['', '-b', 'b_c', 'AllTraffic', 'b'.repeat(64)].map((name) =>
      settings({ variants: [variant(), variant({ name })] }),
    ),
  },
  {
    rule: 'variant-weights',
    setting: 'variants.0.weight',
    keeps: [settings({ variants: [variant({ weight: 0 }), variant({ name: 'b', weight: 0.1 })] })],
    breaks: [-1, Number.NaN].map((weight) => settings({ variants: [variant({ weight }), variant({ name: 'b' })] })),
  },
  {
    rule: 'variant-weights',
    setting: 'variants',
    keeps: [],
    breaks: [one({ weight: 0 })],
  },
  {
    rule: 'canary-size',
    setting: 'rollout.percent',
    keeps: [2, 50].map((percent) => rollout({}, canary({ percent }))),
    breaks: [51, 1.5].map((percent) => rollout({}, canary({ percent }))),
  },
  {
    rule: 'linear-step-size',
    setting: 'rollout.stepPercent',
    keeps: [10, 50].map((stepPercent) => rollout({}, linear({ stepPercent }))),
    breaks: [9, 51, 10.5].map((stepPercent) => rollout({}, linear({ stepPercent }))),
  },
  {
    rule: 'rolling-batch-size',
    setting: 'rollout.stepPercent',
    keeps: [5, 50].map(rolling),
    breaks: [4, 51].map(rolling),
  },
  {
    rule: 'wait-interval',
    setting: 'rollout.bakeMinutes',
    keeps: [0, 1, 60].map((bakeMinutes) => rollout({}, canary({ bakeMinutes }))),
    breaks: [-1, 61, 1.5, Number.NaN].map((bakeMinutes) => rollout({}, blueGreen({ bakeMinutes }))),
  },
  {
    rule: 'wait-interval',
    setting: 'rollout.stepMinutes',
    keeps: [0, 60].map((stepMinutes) => rollout({}, linear({ stepMinutes }))),
    breaks: [-1, 61].map((stepMinutes) => rollout({}, linear({ stepMinutes }))),
  },
  {
    rule: 'termination-wait',
    setting: 'terminationWait',
    keeps: [0, 3600].map((terminationWaitSeconds) => settings({ deployment: { terminationWaitSeconds } })),
    breaks: [-1, 3601, 0.5, Number.NaN].map((terminationWaitSeconds) =>
      settings({ deployment: { terminationWaitSeconds } }),
    ),
  },
  {
    rule: 'maximum-execution-time',
    setting: 'rollout in seconds',
    keeps: [600, 28_800].map((maximumExecutionSeconds) => settings({ deployment: { maximumExecutionSeconds } })),
    breaks: [599, 28_801, Number.NaN].map((maximumExecutionSeconds) =>
      settings({ deployment: { maximumExecutionSeconds } }),
    ),
  },
  {
    rule: 'two-instances-for-a-shift-in-steps',
    setting: 'instanceCount',
    keeps: [one({ instanceCount: 2 }), rollout({ variants: [variant({ instanceCount: 1 })] }, blueGreen())],
    breaks: [canary(), linear()].map((of) => rollout({ variants: [variant({ instanceCount: 1 })] }, of)),
  },
  {
    rule: 'live-variant-name',
    setting: 'variants.0.name',
    keeps: [one({ name: 'AllTraffic' }), settings({ variants: [variant({ name: 'live' })], deployment: allAtOnce })],
    breaks: [one({ name: 'live' })],
  },
  {
    rule: 'guardrails-not-for-inf1',
    setting: 'rollout',
    keeps: [settings({ variants: [variant(inf1)], deployment: allAtOnce }), one({ instanceType: 'ml.inf2.xlarge' })],
    breaks: [canary(), linear(), blueGreen()].map((of) => rollout({ variants: [variant(inf1)] }, of)),
  },
  {
    rule: 'guardrails-not-for-marketplace',
    setting: 'rollout',
    keeps: [settings({ marketplace: true, deployment: allAtOnce })],
    breaks: [canary(), blueGreen()].map((of) => rollout({ marketplace: true }, of)),
  },
  {
    rule: 'rolling-has-one-variant',
    setting: 'variants',
    keeps: [settings({ variants: many(2) }), component()],
    breaks: [component({ variants: many(2) })],
  },
  {
    rule: 'rollback-alarms',
    setting: 'rollbackAlarms',
    keeps: [
      ...[1, 10].map((rollbackAlarms) => settings({ deployment: { rollbackAlarms } })),
      settings({ deployment: { ...allAtOnce, rollbackAlarms: 0 } }),
      settings({ deployment: { rollout: canary(withGuards(unguarded)), rollbackAlarms: 0 } }),
    ],
    breaks: [
      ...[0, 11].map((rollbackAlarms) => settings({ deployment: { rollbackAlarms } })),
      settings({ deployment: { rollout: canary(withGuards(unguarded)), rollbackAlarms: 11 } }),
    ],
  },
  ...(['errorRatePercent', 'clientErrorRatePercent'] as const).map((setting) => ({
    rule: 'guard-that-can-trip',
    setting: `rollout.guards.${setting}`,
    keeps: [
      rollout({}, canary({ percent: 10, ...withGuards({ [setting]: 9.9 }) })),
      rollout({}, canary({ percent: 10, ...withGuards({ [setting]: 0 }) })),
      rollout({}, canary({ percent: 10, ...withGuards({ [setting]: null }) })),
      rollout({}, linear({ stepPercent: 20, ...withGuards({ [setting]: 19 }) })),
      rollout({}, blueGreen(withGuards({ [setting]: 99 }))),
      settings({ deployment: { rollout: { kind: 'allAtOnce', ...withGuards({ [setting]: 100 }) } } }),
    ],
    breaks: [
      rollout({}, canary({ percent: 10, ...withGuards({ [setting]: 10 }) })),
      rollout({}, linear({ stepPercent: 20, ...withGuards({ [setting]: 20 }) })),
      rollout({}, blueGreen(withGuards({ [setting]: 100 }))),
      rollout({}, canary(withGuards({ [setting]: Number.NaN }))),
    ],
  })),
  ...(['p50LatencyMs', 'p50OverheadLatencyMs'] as const).map((setting) => ({
    rule: 'percentile-that-can-move',
    setting: `rollout.guards.${setting}`,
    keeps: [
      rollout({}, blueGreen(withGuards({ [setting]: 1 }))),
      rollout({}, canary(withGuards({ [setting]: null }))),
      settings({ deployment: { rollout: { kind: 'allAtOnce', ...withGuards({ [setting]: 1 }) } } }),
    ],
    breaks: [
      rollout({}, canary(withGuards({ [setting]: 1 }))),
      // Half of the requests slow leaves the median where it was.
      rollout({}, canary({ percent: 50, ...withGuards({ [setting]: 1 }) })),
    ],
  })),
  ...(['p99LatencyMs', 'p99OverheadLatencyMs'] as const).map((setting) => ({
    rule: 'percentile-that-can-move',
    setting: `rollout.guards.${setting}`,
    keeps: [rollout({}, canary({ percent: 2, ...withGuards({ [setting]: 1 }) }))],
    breaks: [rollout({}, canary({ percent: 1, ...withGuards({ errorRatePercent: 0, [setting]: 1 }) }))],
  })),
  {
    rule: 'prediction-shift-needs-capture',
    setting: 'rollout.guards.predictionShift',
    keeps: [
      rollout({ capturePercent: 1 }, canary(withGuards({ predictionShift: shift() }))),
      rollout({ capturePercent: 0 }, canary(withGuards({ predictionShift: null }))),
    ],
    breaks: [rollout({ capturePercent: 0 }, canary(withGuards({ predictionShift: shift() })))],
  },
  {
    rule: 'prediction-shift-that-can-show',
    setting: 'rollout.guards.predictionShift',
    keeps: [shift(0.3, 30), shift(0.9, 1449)].map((predictionShift) =>
      rollout({}, canary({ percent: 2, ...withGuards({ predictionShift }) })),
    ),
    breaks: [shift(0.3, 29), shift(0.9, 1448), shift(0.3, 0), shift(Number.NaN), shift(0.3, Number.NaN)].map(
      (predictionShift) => rollout({}, canary(withGuards({ predictionShift }))),
    ),
  },
  {
    rule: 'serverless-memory',
    setting: 'memoryMb',
    keeps: [1024, 2048, 3072, 4096, 5120, 6144].map((memoryMb) => serverless({}, { memoryMb })),
    breaks: [0, -1024, 1000, 1536, 7168, Number.NaN].map((memoryMb) => serverless({}, { memoryMb })),
  },
  {
    rule: 'serverless-concurrency',
    setting: 'maxConcurrency',
    keeps: [1, 200].map((maxConcurrency) => serverless({}, { maxConcurrency })),
    breaks: [0, -1, 201, 1.5, Number.NaN].map((maxConcurrency) => serverless({}, { maxConcurrency })),
  },
  {
    rule: 'serverless-provisioned-concurrency',
    setting: 'provisionedConcurrency',
    keeps: [1, 20].map((provisionedConcurrency) => serverless({}, { provisionedConcurrency })),
    breaks: [0, 21, 1.5, Number.NaN].map((provisionedConcurrency) => serverless({}, { provisionedConcurrency })),
  },
  {
    rule: 'serverless-no-instances',
    setting: 'instanceType',
    keeps: [serverless(), one({ instanceType: 'ml.g5.xlarge' })],
    breaks: [
      serverless({
        variants: [{ ...variant({ instanceType: 'ml.g5.xlarge' }), serverless: { memoryMb: 1024, maxConcurrency: 1 } }],
      }),
    ],
  },
  {
    rule: 'serverless-no-vpc',
    setting: 'model.vpcConfig',
    keeps: [serverless(), settings({ vpc: true })],
    breaks: [serverless({ vpc: true })],
  },
  {
    rule: 'serverless-no-network-isolation',
    setting: 'model.enableNetworkIsolation',
    keeps: [serverless(), settings({ networkIsolation: true })],
    breaks: [serverless({ networkIsolation: true })],
  },
  {
    rule: 'serverless-no-capture',
    setting: 'capturePercent',
    keeps: [serverless({ capturePercent: 0 }), settings({ capturePercent: 1 })],
    breaks: [serverless({ capturePercent: 1 })],
  },
  {
    rule: 'serverless-one-variant',
    setting: 'variants',
    keeps: [serverless(), settings({ variants: many(2) })],
    breaks: [serverless({ variants: [...serverless().variants, variant({ name: 'b', instanceType: undefined })] })],
  },
  {
    rule: 'serverless-one-container',
    setting: 'model',
    keeps: [serverless(), settings({ containers: 2 }), settings({ multiModel: true })],
    breaks: [serverless({ containers: 2 }), serverless({ multiModel: true })],
  },
  {
    rule: 'serverless-no-marketplace',
    setting: 'model',
    keeps: [serverless(), settings({ marketplace: true, deployment: allAtOnce })],
    breaks: [serverless({ marketplace: true })],
  },
  {
    rule: 'serverless-no-guardrails',
    setting: 'rollout',
    keeps: [serverless(), asynchronous()],
    breaks: [canary(), linear(), blueGreen()].map((of) => serverless({ deployment: { rollout: of } })),
  },
  {
    rule: 'asynchronous-output',
    setting: 'outputUri',
    keeps: [asynchronous()],
    breaks: [undefined, ''].map((outputUri) => asynchronous({ asynchronous: { outputUri } })),
  },
  {
    rule: 'asynchronous-concurrency',
    setting: 'maxConcurrentInvocationsPerInstance',
    keeps: [1, 1000, undefined].map((limit) =>
      asynchronous({ asynchronous: { outputUri: 's3://a', maxConcurrentInvocationsPerInstance: limit } }),
    ),
    breaks: [0, -1, 1001, 1.5, Number.NaN].map((limit) =>
      asynchronous({ asynchronous: { outputUri: 's3://a', maxConcurrentInvocationsPerInstance: limit } }),
    ),
  },
  {
    rule: 'asynchronous-on-instances',
    setting: 'serverless',
    keeps: [asynchronous(), serverless()],
    breaks: [serverless({ asynchronous: { outputUri: 's3://a' } })],
  },
  {
    rule: 'asynchronous-no-capture',
    setting: 'capturePercent',
    keeps: [asynchronous({ capturePercent: 0 })],
    breaks: [asynchronous({ capturePercent: 1 })],
  },
  {
    rule: 'batch-no-rollout',
    setting: 'rollout',
    keeps: [batch()],
    breaks: [canary(), blueGreen()].map((of) => ({ ...batch(), deployment: { ...batch().deployment, rollout: of } })),
  },
  {
    rule: 'batch-payload',
    setting: 'maxPayloadMb',
    keeps: [batch({ maxPayloadMb: 100 }), batch({ maxPayloadMb: 10, maxConcurrentTransforms: 10 })],
    breaks: [batch({ maxPayloadMb: 101 }), batch({ maxPayloadMb: 11, maxConcurrentTransforms: 10 })],
  },
  {
    rule: 'batch-split',
    setting: 'splitType',
    keeps: [batch(), batch({ splitType: 'None', strategy: 'SingleRecord' })],
    breaks: [batch({ splitType: 'None' })],
  },
  {
    rule: 'batch-join',
    setting: 'joinInput',
    keeps: [batch({ joinInput: true }), batch({ splitType: 'RecordIO', joinInput: false })],
    breaks: [batch({ splitType: 'RecordIO', joinInput: true })],
  },
  {
    rule: 'shadow-one-and-one',
    setting: 'shadowVariants',
    keeps: [shadow(), settings({ variants: many(2) })],
    breaks: [
      shadow({ variants: many(2) }),
      shadow({ shadowVariants: [variant({ name: 'shadow' }), variant({ name: 'shadow-2' })] }),
    ],
  },
  {
    rule: 'shadow-sample',
    setting: 'samplePercent',
    keeps: [1, 100].map((samplePercent) => shadow({ samplePercent })),
    breaks: [0, -1, 101, 0.5, Number.NaN].map((samplePercent) => shadow({ samplePercent })),
  },
  {
    rule: 'shadow-not-serverless',
    setting: 'shadowVariants',
    keeps: [serverless(), shadow()],
    breaks: [
      serverless({ shadowVariants: [variant({ name: 'shadow' })] }),
      shadow({ shadowVariants: [{ name: 'shadow', weight: 1, serverless: { memoryMb: 1024, maxConcurrency: 1 } }] }),
    ],
  },
  {
    rule: 'shadow-not-asynchronous',
    setting: 'shadowVariants',
    keeps: [asynchronous(), shadow()],
    breaks: [asynchronous({ shadowVariants: [variant({ name: 'shadow' })] })],
  },
  {
    rule: 'shadow-not-on-inf1',
    setting: 'instanceType',
    keeps: [
      shadow({ shadowVariants: [variant({ name: 'shadow', instanceType: 'ml.inf2.xlarge' })] }),
      settings({ variants: [variant(inf1)], deployment: allAtOnce }),
    ],
    breaks: [
      shadow({ shadowVariants: [variant({ name: 'shadow', ...inf1 })] }),
      shadow({ variants: [variant(inf1)], deployment: allAtOnce }),
    ],
  },
  {
    rule: 'shadow-one-container',
    setting: 'model',
    keeps: [shadow(), settings({ containers: 2 })],
    breaks: [shadow({ containers: 2 }), shadow({ multiModel: true })],
  },
  {
    rule: 'shadow-no-marketplace',
    setting: 'model',
    keeps: [shadow()],
    breaks: [shadow({ marketplace: true, deployment: allAtOnce })],
  },
  {
    rule: 'experiment-duration',
    setting: 'experiment.endsAt',
    keeps: [1 / 24, 30].map((days) => shadow(lasting(days))),
    breaks: [0, -1, 31].map((days) => shadow(lasting(days))),
  },
  {
    rule: 'component-cpu-cores',
    setting: 'cpuCores',
    keeps: [0.25, 4].map((cpuCores) => component({}, { cpuCores })),
    breaks: [0, -1, 0.2, Number.NaN].map((cpuCores) => component({}, { cpuCores })),
  },
  {
    rule: 'component-memory',
    setting: 'memoryMb',
    keeps: [component({}, { memoryMb: 128 })],
    breaks: [0, -1, 127, 128.5, Number.NaN].map((memoryMb) => component({}, { memoryMb })),
  },
  {
    rule: 'component-accelerators',
    setting: 'accelerators',
    keeps: [component({}, { accelerators: 1 }), component()],
    breaks: [0, -1, 1.5, Number.NaN].map((accelerators) => component({}, { accelerators })),
  },
  {
    rule: 'component-rollout',
    setting: 'rollout',
    keeps: [component(), rolling(50)],
    breaks: [canary(), blueGreen()].map((of) => component({ deployment: { rollout: of } })),
  },
  {
    rule: 'component-copies',
    setting: 'copies',
    keeps: [component({ deployment: { rollout: linear() } }, { copies: 2 }), component({}, { copies: 1 })],
    breaks: [
      component({ deployment: { rollout: linear() } }, { copies: 1 }),
      ...[0, -1, Number.NaN].map((copies) => component({}, { copies })),
    ],
  },
  {
    rule: 'component-on-instances',
    setting: 'mode',
    keeps: [component()],
    breaks: [
      component({ asynchronous: { outputUri: 's3://a' } }),
      serverless({ component: { cpuCores: 1, memoryMb: 128, copies: 1 } }),
    ],
  },
];

describe('a rule of the service', () => {
  test('has a case here and an id of its own', () => {
    expect([...new Set(CASES.map(({ rule }) => rule))]).toEqual(RULES.map(({ id }) => id));
    const all = [...RULES, ...RULES_AT_DEPLOY_TIME].map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
  });

  test('says itself in a sentence, where it comes from and what to do instead', () => {
    for (const { says, source, wayOut } of [...RULES, ...RULES_AT_DEPLOY_TIME]) {
      expect(says).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/sagemaker\//);
      expect(wayOut).toMatch(/^\S.*[^.]$/);
    }
  });

  test.each(CASES)('$rule refuses $setting where it must', ({ rule, setting, breaks }) => {
    expect(breaks.length).toBeGreaterThan(0);
    for (const given of breaks) expect(broken(given)).toContain(`${rule}: ${setting}`);
  });

  test.each(CASES)('$rule lets the nearest legal settings pass, and so does every other rule', ({ keeps }) => {
    for (const given of keeps) expect([given, broken(given)]).toEqual([given, []]);
  });

  test('is named with all the others that are broken, each with the value and the way out', () => {
    const wrong = () => checkServiceRules('here', serverless({ vpc: true, capturePercent: 5 }));
    expect(wrong).toThrow(/^here: 2 problems/);
    expect(wrong).toThrow(
      'here.capturePercent: must be 0 for serverless, got 5; capture nothing and log requests in the caller, or use realtime',
    );
    expect(() => checkServiceRules('here', one({ instanceCount: 1 }))).toThrow(
      'here.instanceCount: a canary rollout needs 2 instances, so that a step of at most half the fleet exists, got 1; raise it to 2 or use the rollout blueGreen',
    );
    expect(() => checkServiceRules('here', settings())).not.toThrow();
  });
});
