import { isUnguarded } from '../../../config/guards';
import type { Rollout } from '../../../config/rollout';
import { shiftNoise } from '../../../core/guards/prediction-shift';
import { API, DEVELOPER_GUIDE, each, type ServiceRule, unlessWhole, when } from './service-rule';

const INVOCATION_METRICS = `${DEVELOPER_GUIDE}monitoring-cloudwatch.html#cloudwatch-metrics-endpoint-invocation`;
const RATES = ['errorRatePercent', 'clientErrorRatePercent'] as const;
const PERCENTILES = [
  ['p50LatencyMs', 50],
  ['p50OverheadLatencyMs', 50],
  ['p99LatencyMs', 99],
  ['p99OverheadLatencyMs', 99],
] as const;

/**
 * Guards that would stay quiet whatever a bad release does while only the first step of traffic meets it.
 *
 * Utilisation is that of the busiest instance, and captured predictions are kept apart by release: a share of any size
 * shows in them. What a custom metric does is known to its owner only.
 */
export const GUARD_RULES: readonly ServiceRule[] = [
  {
    id: 'rollback-alarms',
    says: 'A deployment with guardrails watches at most 10 alarms, and at least one if any guard is on.',
    wayOut: 'set some guards to null, or add an alarm: without alarms nothing ever goes back',
    source: `${API}API_AutoRollbackConfig.html`,
    breaches: ({ deployment: { rollout, rollbackAlarms } }) =>
      rollout.kind === 'allAtOnce'
        ? []
        : unlessWhole('rollbackAlarms', rollbackAlarms, [isUnguarded(rollout.guards) ? 0 : 1, 10]),
  },
  {
    id: 'guard-that-can-trip',
    says: 'A rate of errors that sends a release back is reachable while only the first step of traffic meets it.',
    wayOut: 'lower it, begin with a larger step, or set it to null',
    source: INVOCATION_METRICS,
    breaches: ({ deployment: { rollout } }) => {
      const percent = firstStepPercent(rollout);
      if (percent === undefined) return [];
      return each(RATES, (setting) => {
        const limit = rollout.guards[setting];
        if (limit === null || limit === undefined || limit < percent) return undefined;
        return {
          setting: `rollout.guards.${setting}`,
          problem: `must be below the first step of ${percent} percent, because the metric counts both fleets, got ${limit}`,
        };
      });
    },
  },
  {
    id: 'percentile-that-can-move',
    says: 'A percentile of both fleets moves only once a larger share of the traffic than lies above it meets the new one.',
    wayOut: 'begin with a larger step, as blueGreen does; or watch the 99th percentile, or set it to null',
    source: INVOCATION_METRICS,
    breaches: ({ deployment: { rollout } }) => {
      const percent = firstStepPercent(rollout);
      if (percent === undefined) return [];
      return each(PERCENTILES, ([setting, percentile]) => {
        const limit = rollout.guards[setting];
        if (limit === null || limit === undefined || percent > 100 - percentile) return undefined;
        return {
          setting: `rollout.guards.${setting}`,
          problem: `needs a first step of more than ${100 - percentile} percent for the ${percentile}th percentile to move, got ${percent}`,
        };
      });
    },
  },
  {
    id: 'prediction-shift-needs-capture',
    says: 'Predictions are compared from what is captured.',
    wayOut: 'capture a share of the requests, or set the guard to null',
    source: `${DEVELOPER_GUIDE}model-monitor-data-capture-endpoint.html`,
    breaches: ({ capturePercent, deployment: { rollout } }) =>
      when(
        hasShift(rollout) && !(capturePercent > 0),
        'rollout.guards.predictionShift',
        `needs captured predictions, got a capturePercent of ${capturePercent}`,
      ),
  },
  {
    id: 'prediction-shift-that-can-show',
    says: 'With the fewest samples that are judged, a complete shift of the predictions is larger than sampling noise and maximumShift together.',
    wayOut: 'raise minimumSamples, or lower maximumShift',
    source: `${DEVELOPER_GUIDE}model-monitor-data-capture-endpoint.html`,
    breaches: ({ deployment: { rollout } }) => {
      const shift = rollout.guards.predictionShift;
      if (!shift) return [];
      const noise = shiftNoise(Number.POSITIVE_INFINITY, shift.minimumSamples);
      return when(
        !(shift.maximumShift + noise < 1),
        'rollout.guards.predictionShift',
        `needs at least ${samplesFor(shift.maximumShift)} samples to see a shift beyond ${shift.maximumShift}, got ${shift.minimumSamples}`,
      );
    },
  },
];

function hasShift({ guards }: Rollout): boolean {
  return guards.predictionShift !== null && guards.predictionShift !== undefined;
}

/** Share of the traffic that meets a new release first, in percent; undefined if nothing goes back anyway. */
function firstStepPercent(rollout: Rollout): number | undefined {
  if (rollout.kind === 'allAtOnce') return undefined;
  if (rollout.kind === 'blueGreen') return 100;
  return rollout.kind === 'canary' ? rollout.percent : rollout.stepPercent;
}

/** The fewest samples with which a complete shift is seen. */
function samplesFor(maximumShift: number): number {
  return Math.floor((shiftNoise(Number.POSITIVE_INFINITY, 1) / (1 - maximumShift)) ** 2) + 1;
}
