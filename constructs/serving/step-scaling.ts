import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { StepScaling as Steps } from '../../config/autoscaling';
import { checkSteps, inScaleInOrder, inScaleOutOrder } from '../../config/scaling-steps';
import { Faults } from '../../core/faults';
import { PRODUCTION_VARIANT } from '../../core/names';
import { checkInstances, type InstanceScalingProps, instanceTarget } from './invocation-scaling';
import { type StepAlarm, stepPolicy } from './step-policy';
import type { Cooldowns } from './target-tracking';

export interface StepScalingProps
  extends InstanceScalingProps,
    Cooldowns,
    Pick<Steps, 'metric' | 'scaleOut' | 'scaleIn'> {
  /**
   * For how long the metric has to be there before instances are added.
   * @default Duration.minutes(3)
   */
  readonly scaleOutAfter?: Duration | undefined;
  /**
   * For how long the metric has to be there before instances are taken away.
   * @default Duration.minutes(15)
   */
  readonly scaleInAfter?: Duration | undefined;
}

/**
 * Instances by steps of a metric. Without requests there is no InvocationsPerInstance, so by that metric an idle
 * endpoint keeps its instances; the utilizations are always there.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
 */
export class StepScaling extends Construct {
  /** @throws InvalidInputError naming each bound and step that is wrong */
  constructor(scope: Construct, id: string, props: StepScalingProps) {
    super(scope, id);
    const { scaleOutAfter = Duration.minutes(3), scaleInAfter = Duration.minutes(15) } = props;
    const { scaleOutCooldown = Duration.minutes(1), scaleInCooldown = Duration.minutes(5) } = props;
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    checkInstances(props, at, faults);
    for (const setting of ['scaleOut', 'scaleIn'] as const) {
      faults.requireRange(`${at(setting)} steps`, props[setting].length, [1, 20], 'give steps in these bounds');
    }
    checkSteps(props, at, faults);
    faults.throwIfAny(this.node.path);

    const out = inScaleOutOrder(props.scaleOut);
    const into = inScaleInOrder(props.scaleIn);
    const upper = out[0]?.from ?? 0;
    const lower = into[0]?.to ?? 0;
    const common = { target: instanceTarget(this, props), condition: props.condition, aggregation: 'Average' } as const;
    stepPolicy(this, 'ScaleOut', {
      ...common,
      policyName: 'StepsOut',
      description: `Adds instances from ${props.metric} ${upper}`,
      cooldown: scaleOutCooldown,
      steps: out.map(({ from, to, add }) => ({
        metricIntervalLowerBound: from - upper,
        metricIntervalUpperBound: to === undefined ? undefined : to - upper,
        scalingAdjustment: add,
      })),
      alarm: this.alarm(props, { after: scaleOutAfter, threshold: upper, direction: 'up' }),
    });
    stepPolicy(this, 'ScaleIn', {
      ...common,
      policyName: 'StepsIn',
      description: `Takes instances away from ${props.metric} ${lower} downwards`,
      cooldown: scaleInCooldown,
      steps: into.map(({ from, to, remove }) => ({
        metricIntervalLowerBound: from === undefined ? undefined : from - lower,
        metricIntervalUpperBound: to - lower,
        scalingAdjustment: -remove,
      })),
      alarm: this.alarm(props, { after: scaleInAfter, threshold: lower, direction: 'down' }),
    });
  }

  private alarm(
    { endpoint, metric }: StepScalingProps,
    { after, ...rest }: Pick<StepAlarm, 'threshold' | 'direction'> & { readonly after: Duration },
  ): StepAlarm {
    const ofRequests = metric === 'InvocationsPerInstance';
    return {
      ...rest,
      namespace: ofRequests ? 'AWS/SageMaker' : '/aws/sagemaker/Endpoints',
      metricName: metric,
      statistic: ofRequests ? 'Sum' : 'Average',
      dimensions: { EndpointName: endpoint.endpointName, VariantName: endpoint.variantName ?? PRODUCTION_VARIANT },
      period: Duration.minutes(1),
      periods: after.toMinutes(),
    };
  }
}
