import { type CfnCondition, Duration } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct } from 'constructs';
import { Faults } from '../../core/faults';
import { PRODUCTION_VARIANT } from '../../core/names';
import type { ServingEndpoint } from './serving-endpoint';

export interface InvocationScalingProps {
  readonly endpoint: ServingEndpoint;
  /** The target exists only while this holds, as the endpoint does. */
  readonly condition: CfnCondition;
  /** Fewest instances, 1 or more. */
  readonly minInstances: number;
  readonly maxInstances: number;
  /** What one instance answers well, in requests a minute. */
  readonly invocationsPerInstancePerMinute: number;
  /**
   * Pause after instances were added.
   * @default Duration.minutes(1)
   */
  readonly scaleOutCooldown?: Duration;
  /**
   * Pause after instances were taken away: longer, because giving up too early costs more than an idle instance.
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration;
}

/** As many instances as the requests need: target tracking on invocations per instance. */
export class InvocationScaling extends Construct {
  /** @throws InvalidInputError if a bound is out of range or min exceeds max */
  constructor(scope: Construct, id: string, props: InvocationScalingProps) {
    super(scope, id);
    const { minInstances, maxInstances, invocationsPerInstancePerMinute } = props;
    const { scaleOutCooldown = Duration.minutes(1), scaleInCooldown = Duration.minutes(5) } = props;
    this.check(props);
    const target = new CfnScalableTarget(this, 'Target', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${props.endpoint.endpointName}/variant/${PRODUCTION_VARIANT}`,
      minCapacity: minInstances,
      maxCapacity: maxInstances,
    });
    // The resource id is a fixed name, so nothing else says that the variant has to be there first.
    target.addResourceDependency(props.endpoint.resource);
    const policy = new CfnScalingPolicy(this, 'Policy', {
      policyName: 'InvocationsPerInstance',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: invocationsPerInstancePerMinute,
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        scaleOutCooldown: scaleOutCooldown.toSeconds(),
        scaleInCooldown: scaleInCooldown.toSeconds(),
      },
    });
    for (const resource of [target, policy]) resource.cfnOptions.condition = props.condition;
  }

  private check({ minInstances, maxInstances, invocationsPerInstancePerMinute }: InvocationScalingProps): void {
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    const unbounded = Number.MAX_SAFE_INTEGER;
    faults.requireRange(at('minInstances'), minInstances, [1, unbounded], 'a real-time endpoint keeps an instance');
    faults.requireRange(at('maxInstances'), maxInstances, [1, unbounded], 'a real-time endpoint keeps an instance');
    faults.requireRange(
      at('invocationsPerInstancePerMinute'),
      invocationsPerInstancePerMinute,
      [1, unbounded],
      'give the requests that one instance answers well',
    );
    if (minInstances > maxInstances) {
      faults.add(at('minInstances'), `must not exceed maxInstances ${maxInstances}, got ${minInstances}`, 'swap them');
    }
    faults.throwIfAny(this.node.path);
  }
}
