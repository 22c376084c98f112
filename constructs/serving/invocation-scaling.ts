import { Construct } from 'constructs';
import { Faults } from '../../core/faults';
import { checkCapacity, type ScaledEndpoint, type ScalingProps, scalingTarget, variantOf } from './scaling-target';
import { type Cooldowns, targetTracking } from './target-tracking';

/** Bounds of a variant that answers while the caller waits. */
export interface InstanceScalingProps extends ScalingProps {
  readonly endpoint: ScaledEndpoint;
  /** Fewest instances, 1 or more. */
  readonly minInstances: number;
  readonly maxInstances: number;
}

export interface InvocationScalingProps extends InstanceScalingProps, Cooldowns {
  /** What one instance answers well, in requests a minute. */
  readonly invocationsPerInstancePerMinute: number;
}

/** As many instances as the requests need: target tracking on invocations per instance. */
export class InvocationScaling extends Construct {
  /** @throws InvalidInputError if a bound is out of range or min exceeds max */
  constructor(scope: Construct, id: string, props: InvocationScalingProps) {
    super(scope, id);
    const { invocationsPerInstancePerMinute } = props;
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    checkInstances(props, at, faults);
    faults.requireRange(
      at('invocationsPerInstancePerMinute'),
      invocationsPerInstancePerMinute,
      [1, Number.MAX_SAFE_INTEGER],
      'give the requests that one instance answers well',
    );
    faults.throwIfAny(this.node.path);
    targetTracking(this, 'Policy', {
      ...props,
      target: instanceTarget(this, props),
      policyName: 'InvocationsPerInstance',
      targetValue: invocationsPerInstancePerMinute,
      metric: 'SageMakerVariantInvocationsPerInstance',
    });
  }
}

/** The target that instances of an endpoint are scaled by. */
export function instanceTarget(scope: Construct, props: InstanceScalingProps) {
  return scalingTarget(scope, {
    ...props,
    scaled: props.endpoint.resource,
    resourceId: variantOf(props.endpoint),
    dimension: 'sagemaker:variant:DesiredInstanceCount',
    min: props.minInstances,
    max: props.maxInstances,
  });
}

/** @param at path of a setting */
export function checkInstances(props: InstanceScalingProps, at: (setting: string) => string, faults: Faults): void {
  checkCapacity(
    {
      ...props,
      min: props.minInstances,
      max: props.maxInstances,
      names: ['minInstances', 'maxInstances'],
      fewest: 1,
      because: 'a real-time endpoint keeps an instance',
    },
    at,
    faults,
  );
}
