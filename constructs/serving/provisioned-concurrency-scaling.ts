import { Construct } from 'constructs';
import { Faults } from '../../core/faults';
import { checkCapacity, type ScaledEndpoint, type ScalingProps, scalingTarget, variantOf } from './scaling-target';
import { type Cooldowns, targetTracking } from './target-tracking';

export interface ProvisionedConcurrencyScalingProps extends ScalingProps, Cooldowns {
  /** A serverless endpoint whose variant has provisioned concurrency. */
  readonly endpoint: ScaledEndpoint;
  /** Least provisioned concurrency, 1 or more. */
  readonly minConcurrency: number;
  readonly maxConcurrency: number;
  /**
   * How much of it is to be in use, 1 to 100.
   * @default 70
   */
  readonly utilizationPercent?: number | undefined;
}

/**
 * As much provisioned concurrency as a serverless endpoint uses.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-autoscale.html
 */
export class ProvisionedConcurrencyScaling extends Construct {
  /** @throws InvalidInputError if a bound is out of range or min exceeds max */
  constructor(scope: Construct, id: string, props: ProvisionedConcurrencyScalingProps) {
    super(scope, id);
    const { minConcurrency: min, maxConcurrency: max, utilizationPercent = 70 } = props;
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    checkCapacity(
      {
        ...props,
        min,
        max,
        names: ['minConcurrency', 'maxConcurrency'],
        fewest: 1,
        because: 'without provisioned concurrency there is nothing to scale: the endpoint scales by itself',
      },
      at,
      faults,
    );
    faults.requireRange(at('utilizationPercent'), utilizationPercent, [1, 100], 'give a percentage');
    faults.throwIfAny(this.node.path);
    targetTracking(this, 'ConcurrencyPolicy', {
      ...props,
      target: scalingTarget(this, {
        ...props,
        scaled: props.endpoint.resource,
        resourceId: variantOf(props.endpoint),
        dimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
        min,
        max,
      }),
      policyName: 'ProvisionedConcurrencyUtilization',
      // The metric is a share of 1.
      targetValue: utilizationPercent / 100,
      metric: 'SageMakerVariantProvisionedConcurrencyUtilization',
    });
  }
}
