import type { CapacitySize, DeploymentConfig } from '@aws-sdk/client-sagemaker';
import type { JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import { deploymentFaults } from './deployment-rules';

/** What a plan has to know of a variant. */
export interface PlannedVariant {
  readonly name: string;
  readonly instanceCount: number;
  /** Set for a variant without instances of its own. */
  readonly serverless?: unknown;
}

/** How a deployment moves traffic from the old fleet, blue, to the new one, green. Times are as configured. */
export interface DeploymentPlan {
  readonly strategy: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR' | 'ROLLING';
  /** In order; the last one has 100 percent. */
  readonly steps: readonly DeploymentStep[];
  /** Wait between the last step and the end of the old fleet. */
  readonly terminationWaitSeconds: number;
  /** A deployment that takes longer goes back. */
  readonly maximumExecutionSeconds: number;
  /** Alarms that send all traffic back. */
  readonly alarms: readonly string[];
  /** Share of the old fleet that a rolling deployment brings back at a time when it goes back. */
  readonly rollbackPercent: number;
}

export interface DeploymentStep {
  /** Share of the traffic that goes to the new fleet from here on, above 0 to 100. */
  readonly greenPercent: number;
  /** Time that the step is watched before the next one. */
  readonly waitSeconds: number;
}

/** The longest that the service's shape allows; what it does without one isn't documented. */
const LONGEST_EXECUTION_SECONDS = 28_800;
/** Shares are fractions of counts, and come back from them with rounding errors. */
const EPSILON = 1e-9;

/**
 * The plan for a DeploymentConfig; without one, all at once.
 *
 * A CAPACITY_PERCENT is that percentage of the traffic, as the developer guide has it of the canary, and so many
 * instances as carry it: a laptop's two instances still have a canary of 10 %. An INSTANCE_COUNT is its share of the
 * instances. Only a rolling deployment replaces whole instances, so there a percentage becomes at most so many.
 * @param green variants of the new fleet
 * @param blue variants of the old one
 * @throws ServiceError with all that is wrong with the configuration
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html
 */
export function deploymentPlan(
  input: JsonObject | undefined,
  green: readonly PlannedVariant[],
  blue: readonly PlannedVariant[] = green,
): DeploymentPlan {
  const config: DeploymentConfig = input ?? {};
  const faults = deploymentFaults(config, green, blue);
  if (faults.length > 0) throw new ServiceError('ValidationException', faults.join('; '));
  const {
    BlueGreenUpdatePolicy: blueGreen,
    RollingUpdatePolicy: rolling,
    AutoRollbackConfiguration: rollback,
  } = config;
  const { Type: strategy = 'ALL_AT_ONCE', WaitIntervalInSeconds: waitSeconds = 0 } =
    blueGreen?.TrafficRoutingConfiguration ?? {};
  const shared = {
    alarms: (rollback?.Alarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []),
    maximumExecutionSeconds: (rolling ?? blueGreen)?.MaximumExecutionTimeoutInSeconds ?? LONGEST_EXECUTION_SECONDS,
  };
  const step = (greenPercent: number, seconds = waitSeconds): DeploymentStep => ({
    greenPercent,
    waitSeconds: seconds,
  });
  if (rolling)
    return {
      ...shared,
      strategy: 'ROLLING',
      steps: batches(rolling.MaximumBatchSize, green).map((percent) => step(percent, rolling.WaitIntervalInSeconds)),
      terminationWaitSeconds: 0,
      rollbackPercent: rolling.RollbackMaximumBatchSize ? batchPercent(rolling.RollbackMaximumBatchSize, blue) : 100,
    };
  const { CanarySize, LinearStepSize } = blueGreen?.TrafficRoutingConfiguration ?? {};
  const percents = {
    ALL_AT_ONCE: () => [100],
    CANARY: () => [percentOf(CanarySize, green), 100],
    LINEAR: () => multiples(percentOf(LinearStepSize, green)),
  }[strategy]();
  return {
    ...shared,
    strategy,
    steps: percents.map((percent) => step(percent)),
    terminationWaitSeconds: blueGreen?.TerminationWaitInSeconds ?? 0,
    rollbackPercent: 100,
  };
}

/** Instances of a variant that carry a share of the traffic: as few as have no more to do than usual, at least one. */
export function instancesFor(percent: number, instanceCount: number): number {
  return Math.ceil((instanceCount * percent) / 100 - EPSILON);
}

/** Instances of the old fleet that a rolling deployment keeps once the new one carries a share of the traffic. */
export function instancesKept(percent: number, instanceCount: number): number {
  return percent >= 100 ? 0 : Math.max(1, Math.floor((instanceCount * (100 - percent)) / 100 + EPSILON));
}

function percentOf(size: CapacitySize | undefined, variants: readonly PlannedVariant[]): number {
  const { Type, Value = 100 } = size ?? {};
  if (Type === 'CAPACITY_PERCENT') return Value;
  // Several variants share the traffic of the fleet: none of them gets more than it was to have.
  return (100 * Value) / Math.max(1, ...variants.map(({ instanceCount }) => instanceCount));
}

function multiples(percent: number): number[] {
  const steps = Math.ceil(100 / percent - EPSILON);
  return Array.from({ length: steps }, (_, index) => (index + 1 === steps ? 100 : percent * (index + 1)));
}

/** A rolling deployment has one variant. */
function batches(size: CapacitySize | undefined, variants: readonly PlannedVariant[]): number[] {
  return multiples(batchPercent(size, variants));
}

function batchPercent(size: CapacitySize | undefined, variants: readonly PlannedVariant[]): number {
  const total = Math.max(1, variants[0]?.instanceCount ?? 1);
  const { Type, Value = 1 } = size ?? {};
  const instances = Type === 'CAPACITY_PERCENT' ? Math.floor((total * Value) / 100 + EPSILON) : Value;
  return (100 * Math.min(total, Math.max(1, instances))) / total;
}
