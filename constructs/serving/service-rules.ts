import type { Rollout } from '../../config/rollout';
import type { Faults } from '../../core/faults';
import { MAXIMUM_EXECUTION_SECONDS } from './deployment-config';

/** What the rules of the service are judged on. Times in seconds. */
export interface RealTimeSettings {
  readonly instanceCount: number;
  readonly rollout: Rollout;
  readonly terminationWaitSeconds: number;
  readonly startupSeconds: number;
  readonly maximumExecutionSeconds: number;
  readonly rollbackAlarms: number;
  readonly capturePercent: number;
}

export interface ServiceRule {
  readonly id: string;
  /** The rule in one sentence. */
  readonly says: string;
  readonly source: string;
  /** @param at path of a setting, for messages */
  check(settings: RealTimeSettings, at: (setting: string) => string, faults: Faults): void;
}

const GUARDRAILS = 'https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html';
const API = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/';

/** What SageMaker refuses at deploy time, or accepts and then can't do, about a real-time endpoint. */
export const REAL_TIME_RULES: readonly ServiceRule[] = [
  {
    id: 'canary-size',
    says: 'A canary takes 1 to 50 percent of the capacity.',
    source: `${API}API_TrafficRoutingConfig.html`,
    check: ({ rollout }, at, faults) => {
      if (rollout.kind !== 'canary') return;
      requireWhole(faults, at('rollout.percent'), rollout.percent, [1, 50], 'the first step is at most half the fleet');
    },
  },
  {
    id: 'linear-step-size',
    says: 'A linear step takes 10 to 50 percent of the capacity.',
    source: `${API}API_TrafficRoutingConfig.html`,
    check: ({ rollout }, at, faults) => {
      if (rollout.kind !== 'linear') return;
      requireWhole(faults, at('rollout.stepPercent'), rollout.stepPercent, [10, 50], 'choose a step in these bounds');
    },
  },
  {
    id: 'wait-interval',
    says: 'The pause after a shift of traffic is at most an hour.',
    source: `${API}API_TrafficRoutingConfig.html`,
    check: ({ rollout }, at, faults) => {
      if (rollout.kind === 'allAtOnce') return;
      const [setting, minutes] = stepPause(rollout);
      requireWhole(faults, at(`rollout.${setting}`), minutes, [1, 60], 'choose a pause in these bounds');
    },
  },
  {
    id: 'termination-wait',
    says: 'The old fleet stays for at most an hour after the shift.',
    source: `${API}API_BlueGreenUpdatePolicy.html`,
    check: ({ terminationWaitSeconds }, at, faults) =>
      requireWhole(faults, at('terminationWait'), terminationWaitSeconds, [0, 3600], 'give seconds in these bounds'),
  },
  {
    id: 'maximum-execution-time',
    says: 'All pauses, the termination wait and the start of the fleet fit into eight hours.',
    source: `${API}API_BlueGreenUpdatePolicy.html`,
    check: ({ maximumExecutionSeconds }, at, faults) =>
      faults.requireRange(
        `${at('rollout')} in seconds`,
        maximumExecutionSeconds,
        MAXIMUM_EXECUTION_SECONDS,
        'use fewer or shorter steps',
      ),
  },
  {
    id: 'two-instances-for-a-shift-in-steps',
    says: 'A canary or linear rollout needs two instances: a step is at most half the fleet, and at least one instance.',
    source: GUARDRAILS,
    check: ({ rollout, instanceCount }, at, faults) => {
      if ((rollout.kind !== 'canary' && rollout.kind !== 'linear') || instanceCount >= 2) return;
      faults.add(
        at('instanceCount'),
        `a ${rollout.kind} rollout needs 2 instances, so that a step of at most half the fleet exists, got ${instanceCount}`,
        'raise it to 2 or use the rollout blueGreen',
      );
    },
  },
  {
    id: 'rollback-alarms',
    says: 'A deployment watches 1 to 10 alarms.',
    source: `${API}API_AutoRollbackConfig.html`,
    check: ({ rollbackAlarms }, at, faults) =>
      faults.requireRange(
        at('rollbackAlarms'),
        rollbackAlarms,
        [1, 10],
        'join some into a composite alarm, or add one: without alarms nothing ever goes back',
      ),
  },
  {
    id: 'guard-that-can-trip',
    says: 'The error rate that sends a release back is reachable while only the first step of traffic meets it.',
    source:
      'https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html#cloudwatch-metrics-endpoint-invocation',
    check: ({ rollout }, at, faults) => {
      const percent = firstStepPercent(rollout);
      const limit = rollout.guards.errorRatePercent;
      if (limit < percent) return;
      faults.add(
        at('rollout.guards.errorRatePercent'),
        `must be below the first step of ${percent} percent, because the metric counts both fleets, got ${limit}`,
        'lower it or begin with a larger step',
      );
    },
  },
  {
    id: 'startup-health-check',
    says: 'A container has 60 to 3600 seconds to become healthy.',
    source: `${API}API_ProductionVariant.html`,
    check: ({ startupSeconds }, at, faults) =>
      requireWhole(faults, at('startup'), startupSeconds, [60, 3600], 'give seconds in these bounds'),
  },
  {
    id: 'capture-percentage',
    says: 'Data capture samples 0 to 100 percent of the requests.',
    source: `${API}API_DataCaptureConfig.html`,
    check: ({ capturePercent }, at, faults) =>
      requireWhole(faults, at('capturePercent'), capturePercent, [0, 100], 'give a percentage'),
  },
];

function stepPause(rollout: Exclude<Rollout, { kind: 'allAtOnce' }>): [setting: string, minutes: number] {
  return rollout.kind === 'linear' ? ['stepMinutes', rollout.stepMinutes] : ['bakeMinutes', rollout.bakeMinutes];
}

/** Share of the traffic that meets a new release first, in percent. */
function firstStepPercent(rollout: Rollout): number {
  if (rollout.kind === 'canary') return rollout.percent;
  if (rollout.kind === 'linear') return rollout.stepPercent;
  return Number.POSITIVE_INFINITY;
}

function requireWhole(
  faults: Faults,
  where: string,
  value: number,
  range: readonly [number, number],
  fix: string,
): void {
  if (value >= range[0] && value <= range[1] && !Number.isInteger(value)) {
    faults.add(where, `must be a whole number, got ${value}`, fix);
  } else faults.requireRange(where, value, range, fix);
}
