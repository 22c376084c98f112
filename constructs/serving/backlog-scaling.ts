import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Faults } from '../../core/faults';
import { instanceTarget } from './invocation-scaling';
import { checkCapacity, type ScaledEndpoint, type ScalingProps } from './scaling-target';
import { stepPolicy } from './step-policy';
import { targetTracking } from './target-tracking';

export interface BacklogScalingProps extends ScalingProps {
  /** An asynchronous endpoint. */
  readonly endpoint: ScaledEndpoint;
  /** Fewest instances. With 0 an empty queue ends the last one, and the next request waits for one to start. */
  readonly minInstances: number;
  readonly maxInstances: number;
  /**
   * Requests that may wait for one instance, above 0.
   * @default 5
   */
  readonly backlogPerInstance?: number | undefined;
  /**
   * Pause after instances were added: long enough for one to start.
   * @default Duration.minutes(5)
   */
  readonly scaleOutCooldown?: Duration | undefined;
  /**
   * Pause after instances were taken away.
   * @default Duration.minutes(10)
   */
  readonly scaleInCooldown?: Duration | undefined;
}

/**
 * As many instances as the queue of an asynchronous endpoint needs. Without instances there is no backlog per instance,
 * so the way up from zero is a policy of its own.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export class BacklogScaling extends Construct {
  /** @throws InvalidInputError if a bound is out of range or min exceeds max */
  constructor(scope: Construct, id: string, props: BacklogScalingProps) {
    super(scope, id);
    const { endpoint, condition, minInstances, maxInstances, backlogPerInstance = 5 } = props;
    const { scaleOutCooldown = Duration.minutes(5), scaleInCooldown = Duration.minutes(10) } = props;
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    checkCapacity(
      {
        ...props,
        min: minInstances,
        max: maxInstances,
        names: ['minInstances', 'maxInstances'],
        fewest: 0,
        because: 'give a number of instances',
      },
      at,
      faults,
    );
    if (!(backlogPerInstance > 0)) {
      faults.add(at('backlogPerInstance'), `must be above 0, got ${backlogPerInstance}`, 'say how many may wait');
    }
    faults.throwIfAny(this.node.path);

    const target = instanceTarget(this, props);
    const dimensions = { EndpointName: endpoint.endpointName };
    targetTracking(this, 'BacklogPolicy', {
      target,
      condition,
      scaleOutCooldown,
      scaleInCooldown,
      policyName: 'BacklogSizePerInstance',
      targetValue: backlogPerInstance,
      metric: {
        namespace: 'AWS/SageMaker',
        metricName: 'ApproximateBacklogSizePerInstance',
        dimensions: [{ name: 'EndpointName', value: endpoint.endpointName }],
        statistic: 'Average',
      },
    });
    const actions = Object.values(props.scheduledActions ?? {});
    if (minInstances > 0 && actions.every(({ min }) => min > 0)) return;
    stepPolicy(this, 'FromZero', {
      target,
      condition,
      policyName: 'FromZero',
      description: 'Starts the first instance when a request waits and there is none',
      cooldown: scaleOutCooldown,
      aggregation: 'Average',
      steps: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      alarm: {
        namespace: 'AWS/SageMaker',
        metricName: 'HasBacklogWithoutCapacity',
        dimensions,
        statistic: 'Average',
        period: Duration.minutes(1),
        periods: 2,
        threshold: 1,
        direction: 'up',
      },
    });
  }
}
