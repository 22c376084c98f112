import { Construct } from 'constructs';
import { Faults } from '../../core/faults';
import { checkInstances, type InstanceScalingProps, instanceTarget } from './invocation-scaling';
import { type Cooldowns, targetTracking } from './target-tracking';

export interface ConcurrencyScalingProps extends InstanceScalingProps, Cooldowns {
  /** Requests under way that the model on one instance takes well, those that wait for it included. Above 0. */
  readonly requestsPerModel: number;
}

/**
 * As many instances as the requests under way need. They are measured every 10 seconds, so that load which comes at
 * once is met within a minute, and slow requests count as long as they run.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html
 */
export class ConcurrencyScaling extends Construct {
  /** @throws InvalidInputError if a bound is out of range or min exceeds max */
  constructor(scope: Construct, id: string, props: ConcurrencyScalingProps) {
    super(scope, id);
    const { requestsPerModel } = props;
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    checkInstances(props, at, faults);
    if (!(requestsPerModel > 0)) {
      faults.add(
        at('requestsPerModel'),
        `must be above 0, got ${requestsPerModel}`,
        'give the requests that a model takes at a time',
      );
    }
    faults.throwIfAny(this.node.path);
    targetTracking(this, 'ConcurrencyPolicy', {
      ...props,
      target: instanceTarget(this, props),
      policyName: 'ConcurrentRequestsPerModel',
      targetValue: requestsPerModel,
      metric: 'SageMakerVariantConcurrentRequestsPerModelHighResolution',
    });
  }
}
