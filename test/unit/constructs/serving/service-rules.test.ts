import { REAL_TIME_RULES, type RealTimeSettings } from '../../../../constructs/serving/service-rules';
import { Faults } from '../../../../core/faults';
import { blueGreen, canary, guards, linear } from './smallest-endpoint';

const valid: RealTimeSettings = {
  instanceCount: 2,
  rollout: canary(),
  terminationWaitSeconds: 300,
  startupSeconds: 240,
  maximumExecutionSeconds: 3000,
  rollbackAlarms: 2,
  capturePercent: 100,
};

/** What one rule says about settings that differ from valid ones. */
function says(id: string, overrides: Partial<RealTimeSettings>): string[] {
  const rule = REAL_TIME_RULES.find((each) => each.id === id);
  if (!rule) throw new Error(`no rule ${id}`);
  const faults = new Faults();
  rule.check({ ...valid, ...overrides }, (setting) => `here.${setting}`, faults);
  return faults.messages;
}

const canaryOf = (percent: number) => ({ rollout: canary({ percent }) });
const stepOf = (stepPercent: number) => ({ rollout: linear({ stepPercent }) });
const errorRate = (errorRatePercent: number) => ({ guards: { ...guards, errorRatePercent } });

/** Rule, setting that it names, and settings within and beyond its bounds. */
const CASES: readonly [
  id: string,
  setting: string,
  within: readonly Partial<RealTimeSettings>[],
  beyond: readonly Partial<RealTimeSettings>[],
][] = [
  [
    'canary-size',
    'rollout.percent',
    [canaryOf(1), canaryOf(50), stepOf(0), { rollout: blueGreen() }],
    [0, -1, 51, 1.5, Number.NaN].map(canaryOf),
  ],
  [
    'linear-step-size',
    'rollout.stepPercent',
    [stepOf(10), stepOf(50), canaryOf(0), { rollout: blueGreen() }],
    [9, 0, -1, 51, 10.5, Number.NaN].map(stepOf),
  ],
  [
    'wait-interval',
    'rollout.bakeMinutes',
    [1, 60].map((bakeMinutes) => ({ rollout: canary({ bakeMinutes }) })),
    [0, -1, 61, 1.5, Number.NaN].map((bakeMinutes) => ({ rollout: blueGreen({ bakeMinutes }) })),
  ],
  [
    'wait-interval',
    'rollout.stepMinutes',
    [1, 60].map((stepMinutes) => ({ rollout: linear({ stepMinutes }) })),
    [0, 61].map((stepMinutes) => ({ rollout: linear({ stepMinutes }) })),
  ],
  [
    'termination-wait',
    'terminationWait',
    [0, 3600].map((terminationWaitSeconds) => ({ terminationWaitSeconds })),
    [-1, 3601, 0.5, Number.NaN].map((terminationWaitSeconds) => ({ terminationWaitSeconds })),
  ],
  [
    'maximum-execution-time',
    'rollout in seconds',
    [600, 28_800].map((maximumExecutionSeconds) => ({ maximumExecutionSeconds })),
    [599, 28_801, Number.NaN].map((maximumExecutionSeconds) => ({ maximumExecutionSeconds })),
  ],
  [
    'two-instances-for-a-shift-in-steps',
    'instanceCount',
    [{ instanceCount: 2 }, { instanceCount: 1, rollout: blueGreen() }],
    [{ instanceCount: 1 }, { instanceCount: 1, rollout: linear() }],
  ],
  [
    'rollback-alarms',
    'rollbackAlarms',
    [1, 10].map((rollbackAlarms) => ({ rollbackAlarms })),
    [0, 11].map((rollbackAlarms) => ({ rollbackAlarms })),
  ],
  [
    'guard-that-can-trip',
    'rollout.guards.errorRatePercent',
    [
      { rollout: canary({ percent: 10, ...errorRate(9.9) }) },
      { rollout: linear({ stepPercent: 20, ...errorRate(19) }) },
      { rollout: blueGreen(errorRate(100)) },
    ],
    [
      { rollout: canary({ percent: 10, ...errorRate(10) }) },
      { rollout: linear({ stepPercent: 20, ...errorRate(20) }) },
      { rollout: canary(errorRate(Number.NaN)) },
    ],
  ],
  [
    'startup-health-check',
    'startup',
    [60, 3600].map((startupSeconds) => ({ startupSeconds })),
    [59, 3601, 60.5, Number.NaN].map((startupSeconds) => ({ startupSeconds })),
  ],
  [
    'capture-percentage',
    'capturePercent',
    [0, 100].map((capturePercent) => ({ capturePercent })),
    [-1, 101, 0.5, Number.NaN].map((capturePercent) => ({ capturePercent })),
  ],
];

describe('a rule of real-time endpoints', () => {
  test('has a case here, an id of its own, and a source at AWS', () => {
    expect([...new Set(CASES.map(([id]) => id))]).toEqual(REAL_TIME_RULES.map(({ id }) => id));
    for (const { source, says: sentence } of REAL_TIME_RULES) {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(sentence).toMatch(/\.$/);
    }
  });

  test.each(CASES)('%s (%s) takes what is within its bounds and refuses what is not', (id, setting, within, beyond) => {
    for (const settings of within) expect([settings, says(id, settings)]).toEqual([settings, []]);
    for (const settings of beyond) {
      expect([settings, says(id, settings)]).toEqual([settings, [expect.stringContaining(`here.${setting}: `)]]);
    }
  });

  test('says what was given and what to do', () => {
    expect(says('canary-size', canaryOf(60))).toEqual([
      'here.rollout.percent: must be 1 to 50, got 60; the first step is at most half the fleet',
    ]);
    expect(says('two-instances-for-a-shift-in-steps', { instanceCount: 1 })).toEqual([
      'here.instanceCount: a canary rollout needs 2 instances, so that a step of at most half the fleet exists, got 1; raise it to 2 or use the rollout blueGreen',
    ]);
  });
});
