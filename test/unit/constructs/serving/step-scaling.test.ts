import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { StepScaling, type StepScalingProps } from '../../../../constructs/serving/step-scaling';
import { stack } from '../smallest';
import { scaled } from './every-scaling';
import { endpoint } from './smallest-endpoint';

const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const ALARM = 'AWS::CloudWatch::Alarm';

function template(props: Partial<StepScalingProps> = {}): Template {
  const scope = stack();
  const served = endpoint(scope);
  const { condition } = served.resource.cfnOptions;
  if (!condition) throw new Error('the endpoint has no condition');
  new StepScaling(scope, 'Scaling', {
    endpoint: served,
    condition,
    minInstances: 2,
    maxInstances: 4,
    metric: 'CPUUtilization',
    scaleOut: [{ from: 60, add: 1 }],
    scaleIn: [{ to: 30, remove: 1 }],
    ...props,
  });
  return Template.fromStack(scope);
}

const steps = (...StepAdjustments: object[]) => ({
  PolicyType: 'StepScaling',
  StepScalingPolicyConfiguration: Match.objectLike({ AdjustmentType: 'ChangeInCapacity', StepAdjustments }),
});

describe('StepScaling', () => {
  test('counts bounds from the alarm outwards, whatever order the steps are written in', () => {
    const made = Template.fromStack(scaled('step'));
    made.hasResourceProperties(
      POLICY,
      steps(
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 20, ScalingAdjustment: 2 },
      ),
    );
    made.hasResourceProperties(
      POLICY,
      steps(
        { MetricIntervalLowerBound: -20, MetricIntervalUpperBound: 0, ScalingAdjustment: -1 },
        { MetricIntervalUpperBound: -20, ScalingAdjustment: -2 },
      ),
    );
  });

  test('goes off at the nearest step, up after three minutes and down after fifteen unless told otherwise', () => {
    const alarm = (Threshold: number, ComparisonOperator: string, EvaluationPeriods: number) => ({
      Namespace: '/aws/sagemaker/Endpoints',
      MetricName: 'CPUUtilization',
      Statistic: 'Average',
      Period: 60,
      Dimensions: [
        { Name: 'EndpointName', Value: 'dev-churn' },
        { Name: 'VariantName', Value: 'AllTraffic' },
      ],
      Threshold,
      ComparisonOperator,
      EvaluationPeriods,
      DatapointsToAlarm: EvaluationPeriods,
      TreatMissingData: 'missing',
    });
    const made = template();
    made.hasResourceProperties(ALARM, alarm(60, 'GreaterThanOrEqualToThreshold', 3));
    made.hasResourceProperties(ALARM, alarm(30, 'LessThanOrEqualToThreshold', 15));
    const patient = template({ scaleOutAfter: Duration.minutes(1), scaleInAfter: Duration.minutes(60) });
    patient.hasResourceProperties(ALARM, alarm(60, 'GreaterThanOrEqualToThreshold', 1));
    patient.hasResourceProperties(ALARM, alarm(30, 'LessThanOrEqualToThreshold', 60));
  });

  test('pauses for one minute after adding and five after taking away unless told otherwise', () => {
    const cooldown = (Cooldown: number) => ({ StepScalingPolicyConfiguration: Match.objectLike({ Cooldown }) });
    for (const seconds of [60, 300]) template().hasResourceProperties(POLICY, cooldown(seconds));
    const made = template({ scaleOutCooldown: Duration.seconds(0), scaleInCooldown: Duration.minutes(9) });
    for (const seconds of [0, 540]) made.hasResourceProperties(POLICY, cooldown(seconds));
  });

  test('sums the invocations of an instance, which are counted in a namespace of their own', () => {
    template({ metric: 'InvocationsPerInstance' }).hasResourceProperties(ALARM, {
      Namespace: 'AWS/SageMaker',
      MetricName: 'InvocationsPerInstance',
      Statistic: 'Sum',
    });
  });

  test('refuses no steps, and more than twenty', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ from: 60 + i, add: 1, ...(i < count - 1 && { to: 61 + i }) }));
    expect(() => template({ scaleOut: [] })).toThrow('Test/Scaling.scaleOut steps: must be 1 to 20, got 0');
    expect(() => template({ scaleOut: many(20) })).not.toThrow();
    expect(() => template({ scaleOut: many(21) })).toThrow('Test/Scaling.scaleOut steps: must be 1 to 20, got 21');
  });
});
