import type { CapacitySize, DeploymentConfig } from '@aws-sdk/client-sagemaker';
import type { PlannedVariant } from './deployment-plan';

/** Bounds in percent of a variant's instances. */
const BOUNDS = {
  CanarySize: [0, 50],
  LinearStepSize: [10, 50],
  MaximumBatchSize: [5, 50],
} as const;
const SHAPE = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference';

/**
 * What SageMaker forbids in a DeploymentConfig besides what its shapes do.
 * @returns sentences, none if all is well
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 */
export function deploymentFaults(
  config: DeploymentConfig,
  green: readonly PlannedVariant[],
  blue: readonly PlannedVariant[],
): string[] {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  const routing = blueGreen?.TrafficRoutingConfiguration;
  const shifts = rolling !== undefined || (routing !== undefined && routing.Type !== 'ALL_AT_ONCE');
  return [
    blueGreen && rolling && 'DeploymentConfig: must have one update policy, got two; leave one out',
    routing?.Type === 'CANARY' && sizeFault('CanarySize', routing.CanarySize, green),
    routing?.Type === 'LINEAR' && sizeFault('LinearStepSize', routing.LinearStepSize, green),
    routing?.Type !== 'CANARY' && unused('CanarySize', routing?.CanarySize, routing?.Type),
    routing?.Type !== 'LINEAR' && unused('LinearStepSize', routing?.LinearStepSize, routing?.Type),
    rolling && sizeFault('MaximumBatchSize', rolling.MaximumBatchSize, green),
    rolling &&
      green.length > 1 &&
      `RollingUpdatePolicy: must be for one variant, got ${green.length}; use BlueGreenUpdatePolicy`,
    shifts && nameFault(green, blue),
    shifts &&
      [...green, ...blue].some(({ serverless }) => serverless !== undefined) &&
      'DeploymentConfig: must be all at once for serverless variants, got steps; leave it out',
    timeoutFault(config),
  ].filter((fault): fault is string => typeof fault === 'string');
}

function sizeFault(
  member: keyof typeof BOUNDS,
  size: CapacitySize | undefined,
  variants: readonly PlannedVariant[],
): string | undefined {
  const [min, max] = BOUNDS[member];
  const rule = `must be ${min > 0 ? `${min} to ${max}` : `at most ${max}`} % of the instances`;
  if (size?.Value === undefined) return `${member}: ${rule}, got none; see ${SHAPE}/API_TrafficRoutingConfig.html`;
  if (size.Type === 'CAPACITY_PERCENT')
    return size.Value >= Math.max(1, min) && size.Value <= max
      ? undefined
      : `${member}: ${rule}, got ${size.Value} %; choose another size`;
  const few = Math.max(1, Math.min(...variants.map(({ instanceCount }) => instanceCount)));
  const percent = (100 * size.Value) / few;
  return percent >= min && percent <= max
    ? undefined
    : `${member}: ${rule}, got ${size.Value} of ${few}; choose another size or use CAPACITY_PERCENT`;
}

function unused(member: string, size: CapacitySize | undefined, type: string | undefined): string | undefined {
  return size && `${member}: must not be given for ${type ?? 'no'} traffic routing, got ${size.Value}; leave it out`;
}

function nameFault(green: readonly PlannedVariant[], blue: readonly PlannedVariant[]): string | undefined {
  const names = (variants: readonly PlannedVariant[]) =>
    variants
      .map(({ name }) => name)
      .sort()
      .join(', ');
  return names(green) === names(blue)
    ? undefined
    : `ProductionVariants: must be those of the endpoint, ${names(blue)}, to shift traffic in steps, got ${names(green)}; use ALL_AT_ONCE`;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html */
function timeoutFault({ BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling }: DeploymentConfig) {
  const limit = (rolling ?? blueGreen)?.MaximumExecutionTimeoutInSeconds;
  if (limit === undefined) return undefined;
  const waits = rolling
    ? (rolling.WaitIntervalInSeconds ?? 0)
    : (blueGreen?.TrafficRoutingConfiguration?.WaitIntervalInSeconds ?? 0) + (blueGreen?.TerminationWaitInSeconds ?? 0);
  return limit > waits
    ? undefined
    : `MaximumExecutionTimeoutInSeconds: must be above the waits of ${waits} s, got ${limit}; give it more`;
}
