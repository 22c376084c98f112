import { Match, Template } from 'aws-cdk-lib/assertions';
import type { AutoscalingKind } from '../../../../config/autoscaling';
import { endpointScaling } from '../../../../constructs/serving/endpoint-scaling';
import { stack } from '../smallest';
import { autoscaling, SMALLEST, scaled } from './every-scaling';
import { endpoint, hasModel } from './smallest-endpoint';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const ALARM = 'AWS::CloudWatch::Alarm';
const KINDS = Object.keys(SMALLEST) as AutoscalingKind[];

const template = (kind: AutoscalingKind, overrides: object = {}) => Template.fromStack(scaled(kind, overrides));
const tracking = (configuration: object) => ({
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: Match.objectLike(configuration),
});
const predefined = (PredefinedMetricType: string) => ({ PredefinedMetricSpecification: { PredefinedMetricType } });

describe('the scaling of an endpoint', () => {
  test.each(KINDS)('by %s waits for what it scales, and exists only while that does', (kind) => {
    const made = template(kind);
    const scaledResource = kind === 'copies' ? 'Component' : '^Endpoint';
    made.hasResource(TARGET, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp(scaledResource)]),
      Condition: 'HasModel',
    });
    for (const policy of Object.values(made.findResources(POLICY))) {
      expect(policy).toMatchObject({ Condition: 'HasModel' });
    }
    for (const alarm of Object.values(made.findResources(ALARM, { Properties: { AlarmActions: Match.anyValue() } }))) {
      expect(alarm).toMatchObject({ Condition: 'HasModel' });
    }
  });

  test('keeps its target when the kind changes, so that nothing is deregistered', () => {
    const ofInstances = KINDS.filter((kind) => kind !== 'copies' && kind !== 'provisionedConcurrency');
    const ids = ofInstances.map((kind) => Object.keys(template(kind).findResources(TARGET)));
    expect(new Set(ids.flat()).size).toBe(1);
  });

  test('has a policy of another name and id for each kind, so that the new one is there before the old one goes', () => {
    const policies = KINDS.filter((kind) => kind !== 'copies').flatMap((kind) =>
      Object.entries(template(kind).findResources(POLICY)).map(([id, { Properties }]) => [id, Properties.PolicyName]),
    );
    expect(new Set(policies.map(([, name]) => name)).size).toBe(policies.length);
    expect(policies.map(([id]) => id)).toContain('ScalingPolicyE6AB1601');
  });

  test('follows concurrent requests per model, measured every ten seconds', () => {
    template('concurrency').hasResourceProperties(
      POLICY,
      tracking({
        TargetValue: 4,
        ...predefined('SageMakerVariantConcurrentRequestsPerModelHighResolution'),
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
      }),
    );
  });

  test('follows how much of the provisioned concurrency is used, as a share of 1, 70 percent unless told otherwise', () => {
    const made = template('provisionedConcurrency');
    made.hasResourceProperties(TARGET, {
      ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
      MinCapacity: 1,
      MaxCapacity: 4,
    });
    const metric = predefined('SageMakerVariantProvisionedConcurrencyUtilization');
    made.hasResourceProperties(POLICY, tracking({ TargetValue: 0.7, ...metric }));
    template('provisionedConcurrency', { utilizationPercent: 100 }).hasResourceProperties(
      POLICY,
      tracking({ TargetValue: 1 }),
    );
  });

  test('follows a queue, down to nothing and up from it again', () => {
    const made = template('backlog');
    made.hasResourceProperties(TARGET, { MinCapacity: 0, MaxCapacity: 4 });
    made.hasResourceProperties(
      POLICY,
      tracking({
        TargetValue: 5,
        CustomizedMetricSpecification: {
          Namespace: 'AWS/SageMaker',
          MetricName: 'ApproximateBacklogSizePerInstance',
          Dimensions: [{ Name: 'EndpointName', Value: 'dev-churn' }],
          Statistic: 'Average',
        },
        ScaleOutCooldown: 300,
        ScaleInCooldown: 600,
      }),
    );
    made.hasResourceProperties(ALARM, {
      MetricName: 'HasBacklogWithoutCapacity',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 2,
      TreatMissingData: 'missing',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('FromZero') }],
    });
    made.hasResourceProperties(POLICY, {
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        Cooldown: 300,
        MetricAggregationType: 'Average',
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
  });

  test('needs no way up from zero where an instance stays', () => {
    const made = template('backlog', { scaleToZero: false });
    made.hasResourceProperties(TARGET, { MinCapacity: 2 });
    made.resourceCountIs(POLICY, 1);
  });

  test('has a way up from zero where only a scheduled action goes there', () => {
    const made = template('backlog', {
      scaleToZero: false,
      scheduledActions: { night: { schedule: 'cron(0 22 * * ? *)', min: 0, max: 1 } },
    });
    made.resourceCountIs(POLICY, 2);
  });

  test.each([
    ['concurrentRequests', 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution'],
    ['invocationsPerMinute', 'SageMakerInferenceComponentInvocationsPerCopy'],
  ])('follows the %s of the copies of a component, down to nothing and up from it', (metric, name) => {
    const made = template('copies', { metric });
    made.hasResourceProperties(TARGET, {
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      ResourceId: 'inference-component/dev-churn',
      MinCapacity: 0,
      MaxCapacity: 3,
    });
    made.hasResourceProperties(POLICY, tracking({ TargetValue: 2, ...predefined(name) }));
    made.hasResourceProperties(ALARM, {
      MetricName: 'NoCapacityInvocationFailures',
      Dimensions: [{ Name: 'InferenceComponentName', Value: 'dev-churn' }],
    });
    template('copies', { min: 1 }).resourceCountIs(POLICY, 1);
  });

  test('changes its bounds at the times that it is given', () => {
    const made = template('scheduled', {
      scheduledActions: {
        morning: { schedule: 'cron(0 7 ? * MON-FRI *)', timeZone: 'Europe/Berlin', min: 3, max: 4 },
        evening: { schedule: 'cron(0 20 ? * MON-FRI *)', min: 2, max: 4 },
      },
    });
    const action = (ScheduledActionName: string, hour: number, Timezone: string, MinCapacity: number) => ({
      ScheduledActionName,
      Schedule: `cron(0 ${hour} ? * MON-FRI *)`,
      Timezone,
      ScalableTargetAction: { MinCapacity, MaxCapacity: 4 },
    });
    made.hasResourceProperties(TARGET, {
      ScheduledActions: [action('morning', 7, 'Europe/Berlin', 3), action('evening', 20, 'UTC', 2)],
    });
    made.resourceCountIs(POLICY, 0);
  });

  test('leaves scheduled actions out where the schedules of the environment are off', () => {
    const scope = stack();
    const scaling = autoscaling('scheduled');
    if (scaling.kind !== 'scheduled') throw new Error(scaling.kind);
    endpointScaling(scope, 'Scaling', {
      endpoint: endpoint(scope),
      condition: hasModel(stack()),
      autoscaling: scaling,
      instances: { min: 2, max: 2 },
      schedules: false,
    });
    Template.fromStack(scope).hasResourceProperties(TARGET, { ScheduledActions: Match.absent() });
  });

  test('is that of the variant that is named', () => {
    const scope = stack();
    const scaling = autoscaling('step');
    if (scaling.kind !== 'step') throw new Error(scaling.kind);
    endpointScaling(scope, 'Scaling', {
      endpoint: { endpointName: 'dev-churn', resource: endpoint(scope).resource, variantName: 'challenger' },
      condition: hasModel(stack()),
      autoscaling: scaling,
      instances: { min: 2, max: 2 },
    });
    const made = Template.fromStack(scope);
    made.hasResourceProperties(TARGET, { ResourceId: 'endpoint/dev-churn/variant/challenger' });
    made.hasResourceProperties(ALARM, {
      Dimensions: Match.arrayWith([{ Name: 'VariantName', Value: 'challenger' }]),
    });
  });

  test('refuses a scheduled action beyond the bounds of the environment, or that ends the last instance', () => {
    const at = (min: number, max: number) =>
      template('invocations', { scheduledActions: { peak: { schedule: 'rate(1 day)', min, max } } });
    expect(() => at(1, 4)).not.toThrow();
    expect(() => at(1, 5)).toThrow(
      "Test/Scaling.scheduledActions.peak.max: must not exceed maxInstances 4, got 5; raise the environment's instances.max",
    );
    expect(() => at(0, 4)).toThrow(
      'Test/Scaling.scheduledActions.peak.min: must be 1 to 4, got 0; a real-time endpoint keeps an instance',
    );
  });

  test('names all that is wrong at once', () => {
    const wrong = () =>
      template('step', {
        scaleOut: [{ from: 60, to: 80, add: 1 }],
        scaleIn: [{ to: 70, remove: 1 }],
        scheduledActions: { peak: { schedule: 'rate(1 day)', min: 0, max: 9 } },
      });
    expect(wrong).toThrow(/^Test\/Scaling: 4 problems/);
  });
});
