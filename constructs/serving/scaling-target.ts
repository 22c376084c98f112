import type { CfnCondition, CfnResource } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { ScheduledAction } from '../../config/autoscaling';
import type { Faults } from '../../core/faults';
import { PRODUCTION_VARIANT } from '../../core/names';

export type ScheduledActions = Readonly<Record<string, ScheduledAction>>;

/** An endpoint of which one variant is scaled. */
export interface ScaledEndpoint {
  readonly endpointName: string;
  readonly resource: CfnEndpoint;
  /** @default 'AllTraffic' */
  readonly variantName?: string;
}

/** What every kind of scaling has in common. */
export interface ScalingProps {
  /** The target exists only while this holds, as what it scales does. */
  readonly condition: CfnCondition;
  /**
   * Times at which the bounds change, by name. They stay within the bounds that the environment gives.
   * @default {}
   */
  readonly scheduledActions?: ScheduledActions | undefined;
}

export interface ScalingTargetProps extends ScalingProps {
  /** What is scaled: the target knows it by name only, so nothing else says that it has to be there first. */
  readonly scaled: CfnResource;
  readonly resourceId: string;
  readonly dimension:
    | 'sagemaker:variant:DesiredInstanceCount'
    | 'sagemaker:variant:DesiredProvisionedConcurrency'
    | 'sagemaker:inference-component:DesiredCopyCount';
  readonly min: number;
  readonly max: number;
}

/** The one scalable target of an endpoint, whatever its capacity follows: a change of kind leaves it as it is. */
export function scalingTarget(scope: Construct, props: ScalingTargetProps): CfnScalableTarget {
  const actions = Object.entries(props.scheduledActions ?? {});
  const target = new CfnScalableTarget(scope, 'Target', {
    serviceNamespace: 'sagemaker',
    scalableDimension: props.dimension,
    resourceId: props.resourceId,
    minCapacity: props.min,
    maxCapacity: props.max,
    scheduledActions:
      actions.length === 0
        ? undefined
        : actions.map(([scheduledActionName, { schedule, timeZone, min, max }]) => ({
            scheduledActionName,
            schedule,
            timezone: timeZone,
            scalableTargetAction: { minCapacity: min, maxCapacity: max },
          })),
  });
  target.addResourceDependency(props.scaled);
  target.cfnOptions.condition = props.condition;
  return target;
}

/** As Application Auto Scaling names the variant. */
export function variantOf({ endpointName, variantName = PRODUCTION_VARIANT }: ScaledEndpoint): string {
  return `endpoint/${endpointName}/variant/${variantName}`;
}

export interface CapacityCheck {
  readonly min: number;
  readonly max: number;
  /** Names of the two settings, for messages. */
  readonly names: readonly [min: string, max: string];
  /** How little capacity there may be. */
  readonly fewest: number;
  /** Why there can't be less. */
  readonly because: string;
  readonly scheduledActions?: ScheduledActions | undefined;
}

/** Adds what the bounds say against themselves, and what the scheduled ones do. @param at path of a setting */
export function checkCapacity(
  { min, max, names: [minName, maxName], fewest, because, scheduledActions = {} }: CapacityCheck,
  at: (setting: string) => string,
  faults: Faults,
): void {
  const unbounded = Number.MAX_SAFE_INTEGER;
  faults.requireRange(at(minName), min, [fewest, unbounded], because);
  faults.requireRange(at(maxName), max, [Math.max(fewest, 1), unbounded], because);
  if (min > max) faults.add(at(minName), `must not exceed ${maxName} ${max}, got ${min}`, 'swap them');
  for (const [name, action] of Object.entries(scheduledActions)) {
    const where = (setting: string) => at(`scheduledActions.${name}.${setting}`);
    faults.requireRange(where('min'), action.min, [fewest, action.max], because);
    if (action.max > max) {
      faults.add(
        where('max'),
        `must not exceed ${maxName} ${max}, got ${action.max}`,
        "raise the environment's instances.max, or switch its schedules off",
      );
    }
  }
}
