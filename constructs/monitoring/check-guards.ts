import type { Guards } from '../../config/guards';
import type { Faults } from '../../core/faults';
import { coresOf } from './cores-of';
import type { Guard } from './guard-table';

const MOST_ALARMS = 10;
const MOST_METRICS = 10;

type At = (setting: string) => string;

/** What the types of the guards can't say. Constructs are used without the config files, too. */
export function checkBounds(guards: Guards, instanceType: string | undefined, at: At, faults: Faults): void {
  for (const setting of ['errorRatePercent', 'clientErrorRatePercent'] as const) {
    const value = guards[setting] ?? 0;
    if (value >= 0 && value < 100) continue;
    faults.add(at(setting), `must be from 0 to below 100, got ${value}`, 'give a percentage of the requests');
  }
  for (const setting of ['p50LatencyMs', 'p99LatencyMs', 'p50OverheadLatencyMs', 'p99OverheadLatencyMs'] as const)
    requireAboveZero(faults, at(setting), guards[setting], 60_000, 'SageMaker itself cuts off after a minute');
  for (const setting of ['cpuPercent', 'memoryPercent', 'diskPercent'] as const)
    requireAboveZero(faults, at(setting), guards[setting], 99.99, 'give a percentage of what an instance has');
  if (typeof guards.cpuPercent === 'number' && coresOf(instanceType ?? '') === undefined) {
    faults.add(
      at('cpuPercent'),
      `needs the number of cores, which the name doesn't tell, got ${instanceType ?? 'no instances'}`,
      'watch CPUUtilization as a custom guard, in percent of one core',
    );
  }
  requireWhole(faults, at('minimumRequests'), guards.minimumRequests, 'no rate without requests');
  for (const [index, { threshold, minutes }] of guards.custom.entries()) {
    if (!Number.isFinite(threshold)) {
      faults.add(at(`custom.${index}.threshold`), `must be a number, got ${threshold}`, 'give a finite one');
    }
    requireWhole(faults, at(`custom.${index}.minutes`), minutes, 'CloudWatch judges whole minutes');
  }
  const shift = guards.predictionShift;
  if (!shift) return;
  requireAboveZero(faults, at('predictionShift.maximumShift'), shift.maximumShift, 0.99, 'give a share of 1');
  requireWhole(faults, at('predictionShift.minimumSamples'), shift.minimumSamples, 'no comparison without predictions');
}

/** Each guard has to be able to go off while a step is watched. */
export function checkTime(table: readonly Guard[], watchSeconds: number, at: At, faults: Faults): void {
  for (const { id, setting, minutes, delayMinutes } of table) {
    const needed = 60 * (minutes + delayMinutes);
    if (needed <= watchSeconds) continue;
    faults.add(
      at(setting),
      `${id} needs ${needed} seconds to go off, got a step of ${watchSeconds} seconds`,
      'watch each step for longer, or set the guard to null',
    );
  }
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html */
export function checkCount(alarms: readonly string[], at: At, faults: Faults): void {
  if (alarms.length <= MOST_ALARMS) return;
  faults.add(
    at(''),
    `a deployment watches at most ${MOST_ALARMS} alarms, got ${alarms.length} (${alarms.join(', ')})`,
    'set some guards to null, or join custom metrics into one where they are made',
  );
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html */
export function checkMetricCount(metrics: readonly string[], at: At, faults: Faults): void {
  if (metrics.length <= MOST_METRICS) return;
  faults.add(
    at(''),
    `to tell what is inconclusive takes an alarm on at most ${MOST_METRICS} metrics, got ${metrics.length} (${metrics.join(', ')})`,
    "set some guards to null, or use whenInconclusive: 'proceed'",
  );
}

function requireAboveZero(
  faults: Faults,
  where: string,
  value: number | null | undefined,
  max: number,
  fix: string,
): void {
  if (value === null || value === undefined || (value > 0 && value <= max)) return;
  faults.add(where, `must be above 0 and at most ${max}, got ${value}`, fix);
}

function requireWhole(faults: Faults, where: string, value: number, fix: string): void {
  if (Number.isInteger(value) && value >= 1) return;
  faults.add(where, `must be a whole number from 1, got ${value}`, fix);
}
