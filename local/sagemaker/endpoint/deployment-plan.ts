import { setTimeout as delay } from 'node:timers/promises';
import type { DeploymentConfig } from '@aws-sdk/client-sagemaker';
import type { JsonObject } from '../../../core/json';
import type { Fleet } from './fleet';
import type { Traffic } from './traffic';

/** How a deployment moves traffic from the old fleet, blue, to the new one, green. */
export interface DeploymentPlan {
  /** What of the DeploymentConfig isn't honoured yet, in words for the log. */
  readonly ignored: readonly string[];
  /** In order; the last one has 100 percent. */
  readonly steps: readonly DeploymentStep[];
  /** Wait between the last step and the end of the old fleet. */
  readonly terminationWaitSeconds: number;
}

export interface DeploymentStep {
  /** Share of the traffic that goes to the new fleet from here on, above 0 to 100. */
  readonly greenPercent: number;
  /** Time that the step is watched before the next one. */
  readonly waitSeconds: number;
}

/**
 * The plan for a DeploymentConfig. All-at-once is the only one so far: the traffic moves in one step as soon as the new
 * fleet is healthy. Canary and linear steps, waits and alarms are read from the same structure by the work on traffic
 * shifting; until then the configuration is kept and shown, and what isn't done is said in the log.
 */
export function deploymentPlan(config: JsonObject | undefined): DeploymentPlan {
  const { BlueGreenUpdatePolicy, RollingUpdatePolicy, AutoRollbackConfiguration } = (config ?? {}) as DeploymentConfig;
  const routing = BlueGreenUpdatePolicy?.TrafficRoutingConfiguration;
  const { TerminationWaitInSeconds = 0 } = BlueGreenUpdatePolicy ?? {};
  const { Type = 'ALL_AT_ONCE', WaitIntervalInSeconds = 0 } = routing ?? {};
  const alarms = (AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName);
  const ignored = [
    RollingUpdatePolicy && 'the rolling update',
    Type !== 'ALL_AT_ONCE' && `${Type} traffic routing`,
    WaitIntervalInSeconds > 0 && `the wait of ${WaitIntervalInSeconds} s`,
    TerminationWaitInSeconds > 0 && `the termination wait of ${TerminationWaitInSeconds} s`,
    alarms.length > 0 && `rollback on ${alarms.join(', ')}`,
  ].filter((part): part is string => typeof part === 'string');
  return { ignored, steps: [{ greenPercent: 100, waitSeconds: 0 }], terminationWaitSeconds: 0 };
}

export interface ShiftProps {
  readonly plan: DeploymentPlan;
  readonly traffic: Traffic;
  readonly blue: Fleet;
  readonly green: Fleet;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Hears of each step once it is in force. */
  readonly onStep?: (step: DeploymentStep) => void;
}

/**
 * Goes through the steps of a plan. Both fleets have to run.
 * @throws if it is ended early; all traffic is on the old fleet again then
 */
export async function shiftTraffic({ plan, traffic, blue, green, signal, onStep }: ShiftProps): Promise<void> {
  try {
    for (const step of plan.steps) {
      traffic.shift(
        new Map([
          [blue, 100 - step.greenPercent],
          [green, step.greenPercent],
        ]),
      );
      onStep?.(step);
      if (step.waitSeconds > 0) await delay(step.waitSeconds * 1_000, undefined, { signal });
    }
    traffic.shift(new Map([[green, 100]]));
  } catch (error) {
    traffic.shift(new Map([[blue, 100]]));
    throw error;
  }
}
