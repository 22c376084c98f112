import { type CfnCondition, Duration } from 'aws-cdk-lib';
import { type CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { Construct } from 'constructs';

export interface Cooldowns {
  /**
   * Pause after capacity was added.
   * @default Duration.minutes(1)
   */
  readonly scaleOutCooldown?: Duration | undefined;
  /**
   * Pause after capacity was taken away: longer, because giving up too early costs more than idle capacity.
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration | undefined;
}

export interface TargetTrackingProps extends Cooldowns {
  readonly target: CfnScalableTarget;
  readonly condition: CfnCondition;
  /** Name of the policy: one of its own for each kind, so that a new kind is there before the old one goes. */
  readonly policyName: string;
  readonly targetValue: number;
  /** A metric that the service knows by this name, or one that is read as it stands. */
  readonly metric: string | CfnScalingPolicy.CustomizedMetricSpecificationProperty;
}

/** Keeps a metric near a value by adding and taking away capacity. The service makes the alarms for it. */
export function targetTracking(scope: Construct, id: string, props: TargetTrackingProps): CfnScalingPolicy {
  const { metric, scaleOutCooldown = Duration.minutes(1), scaleInCooldown = Duration.minutes(5) } = props;
  const policy = new CfnScalingPolicy(scope, id, {
    policyName: props.policyName,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: props.target.ref,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: props.targetValue,
      ...(typeof metric === 'string'
        ? { predefinedMetricSpecification: { predefinedMetricType: metric } }
        : { customizedMetricSpecification: metric }),
      scaleOutCooldown: scaleOutCooldown.toSeconds(),
      scaleInCooldown: scaleInCooldown.toSeconds(),
    },
  });
  policy.cfnOptions.condition = props.condition;
  return policy;
}
