import { Duration } from 'aws-cdk-lib';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { AutoscalingOf } from '../../config/autoscaling';
import { Faults } from '../../core/faults';
import { checkCapacity, type ScalingProps, scalingTarget } from './scaling-target';
import { stepPolicy } from './step-policy';
import { type Cooldowns, targetTracking } from './target-tracking';

export interface ComponentCopyScalingProps extends ScalingProps, Cooldowns {
  readonly component: CfnInferenceComponent;
  /** Physical name of the component: the target is keyed by it. */
  readonly componentName: string;
  /** Fewest copies. With 0 the last one goes too, and requests fail until one has started: minutes. */
  readonly minCopies: number;
  readonly maxCopies: number;
  /**
   * What the copies follow. Concurrent requests are measured every 10 seconds.
   * @default 'concurrentRequests'
   */
  readonly metric?: AutoscalingOf<'copies'>['metric'] | undefined;
  /** What one copy takes, in units of the metric; above 0. */
  readonly perCopy: number;
}

const METRICS = {
  invocationsPerMinute: 'SageMakerInferenceComponentInvocationsPerCopy',
  concurrentRequests: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
} as const;

/**
 * As many copies of an inference component as its requests need. The endpoint's own instances follow the copies by
 * ManagedInstanceScaling, which needs a MinInstanceCount of 0 for the last instance to go with the last copy.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
 */
export class ComponentCopyScaling extends Construct {
  /** @throws InvalidInputError if a bound is out of range or min exceeds max */
  constructor(scope: Construct, id: string, props: ComponentCopyScalingProps) {
    super(scope, id);
    const { condition, minCopies, maxCopies, metric = 'concurrentRequests', perCopy } = props;
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    checkCapacity(
      {
        ...props,
        min: minCopies,
        max: maxCopies,
        names: ['minCopies', 'maxCopies'],
        fewest: 0,
        because: 'give a number of copies',
      },
      at,
      faults,
    );
    if (!(perCopy > 0)) faults.add(at('perCopy'), `must be above 0, got ${perCopy}`, 'say what one copy takes');
    faults.throwIfAny(this.node.path);

    const target = scalingTarget(this, {
      ...props,
      scaled: props.component,
      resourceId: `inference-component/${props.componentName}`,
      dimension: 'sagemaker:inference-component:DesiredCopyCount',
      min: minCopies,
      max: maxCopies,
    });
    targetTracking(this, 'CopiesPolicy', {
      ...props,
      target,
      policyName: metric === 'concurrentRequests' ? 'ConcurrentRequestsPerCopy' : 'InvocationsPerCopy',
      targetValue: perCopy,
      metric: METRICS[metric],
    });
    const actions = Object.values(props.scheduledActions ?? {});
    if (minCopies > 0 && actions.every(({ min }) => min > 0)) return;
    stepPolicy(this, 'FromZero', {
      target,
      condition,
      policyName: 'FromZero',
      description: 'Starts the first copy when a request comes and there is none',
      cooldown: Duration.minutes(1),
      aggregation: 'Maximum',
      steps: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      alarm: {
        namespace: 'AWS/SageMaker',
        metricName: 'NoCapacityInvocationFailures',
        dimensions: { InferenceComponentName: props.componentName },
        statistic: 'Maximum',
        period: Duration.minutes(1),
        periods: 1,
        threshold: 1,
        direction: 'up',
      },
    });
  }
}
