import type { CfnCondition, Duration } from 'aws-cdk-lib';
import { type CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface StepAlarm {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Maximum' | 'Sum';
  readonly period: Duration;
  readonly periods: number;
  readonly threshold: number;
  /** Whether values at the threshold and beyond it count, upwards or downwards. */
  readonly direction: 'up' | 'down';
}

export interface StepPolicyProps {
  readonly target: CfnScalableTarget;
  readonly condition: CfnCondition;
  readonly policyName: string;
  readonly description: string;
  readonly cooldown: Duration;
  /** Which of the metric's values within a period the steps are chosen by. */
  readonly aggregation: 'Average' | 'Maximum';
  /** Bounds are distances from the alarm's threshold. */
  readonly steps: readonly CfnScalingPolicy.StepAdjustmentProperty[];
  readonly alarm: StepAlarm;
}

/** Adds or takes away capacity by how far a metric is beyond a threshold. No data leaves the capacity as it is. */
export function stepPolicy(scope: Construct, id: string, props: StepPolicyProps): void {
  const { alarm, condition } = props;
  const policy = new CfnScalingPolicy(scope, `${id}Policy`, {
    policyName: props.policyName,
    policyType: 'StepScaling',
    scalingTargetId: props.target.ref,
    stepScalingPolicyConfiguration: {
      adjustmentType: 'ChangeInCapacity',
      cooldown: props.cooldown.toSeconds(),
      metricAggregationType: props.aggregation,
      stepAdjustments: [...props.steps],
    },
  });
  const watching = new CfnAlarm(scope, `${id}Alarm`, {
    alarmDescription: props.description,
    namespace: alarm.namespace,
    metricName: alarm.metricName,
    dimensions: Object.entries(alarm.dimensions).map(([name, value]) => ({ name, value })),
    statistic: alarm.statistic,
    period: alarm.period.toSeconds(),
    evaluationPeriods: alarm.periods,
    datapointsToAlarm: alarm.periods,
    threshold: alarm.threshold,
    comparisonOperator: alarm.direction === 'up' ? 'GreaterThanOrEqualToThreshold' : 'LessThanOrEqualToThreshold',
    treatMissingData: 'missing',
    alarmActions: [policy.ref],
  });
  for (const resource of [policy, watching]) resource.cfnOptions.condition = condition;
}
