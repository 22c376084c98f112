import { CfnCondition, Duration, Fn } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InvocationScaling, type InvocationScalingProps } from '../../../../constructs/serving/invocation-scaling';
import { stack } from '../smallest';
import { endpoint } from './smallest-endpoint';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';

function template(props: Partial<InvocationScalingProps> = {}): Template {
  const scope = stack();
  new InvocationScaling(scope, 'Scaling', {
    endpoint: endpoint(scope),
    condition: new CfnCondition(scope, 'Serving', { expression: Fn.conditionEquals(Fn.ref('Released'), 'some') }),
    minInstances: 2,
    maxInstances: 4,
    invocationsPerInstancePerMinute: 600,
    ...props,
  });
  return Template.fromStack(scope);
}

const tracking = (configuration: object) => ({
  TargetTrackingScalingPolicyConfiguration: Match.objectLike(configuration),
});

describe('InvocationScaling', () => {
  test("scales the endpoint's variant between the bounds", () => {
    template().hasResourceProperties(TARGET, {
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      ResourceId: 'endpoint/dev-churn/variant/AllTraffic',
      MinCapacity: 2,
      MaxCapacity: 4,
    });
  });

  test('follows the invocations of an instance in a minute', () => {
    template({ invocationsPerInstancePerMinute: 90 }).hasResourceProperties(POLICY, {
      PolicyType: 'TargetTrackingScaling',
      ...tracking({
        TargetValue: 90,
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      }),
    });
  });

  test('waits for the endpoint, which it knows by name only, and exists only while that does', () => {
    template().hasResource(TARGET, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Endpoint')]),
      Condition: 'Serving',
    });
    template().hasResource(POLICY, { Condition: 'Serving' });
  });

  test('pauses for a minute after it added instances, unless told otherwise', () => {
    template().hasResourceProperties(POLICY, tracking({ ScaleOutCooldown: 60 }));
    template({ scaleOutCooldown: Duration.minutes(2) }).hasResourceProperties(
      POLICY,
      tracking({ ScaleOutCooldown: 120 }),
    );
  });

  test('pauses for five minutes after it took instances away, unless told otherwise', () => {
    template().hasResourceProperties(POLICY, tracking({ ScaleInCooldown: 300 }));
    template({ scaleInCooldown: Duration.minutes(9) }).hasResourceProperties(
      POLICY,
      tracking({ ScaleInCooldown: 540 }),
    );
  });

  test.each(['minInstances', 'maxInstances', 'invocationsPerInstancePerMinute'] as const)(
    'refuses a %s of 0, below 0 or that is no number',
    (setting) => {
      for (const value of [0, -1, Number.NaN]) {
        expect(() => template({ [setting]: value })).toThrow(
          `Test/Scaling.${setting}: must be 1 to ${Number.MAX_SAFE_INTEGER}, got ${value}`,
        );
      }
    },
  );

  test('takes a fixed number of instances, and refuses a minimum above the maximum', () => {
    expect(() => template({ minInstances: 1, maxInstances: 1 })).not.toThrow();
    expect(() => template({ minInstances: 5 })).toThrow(
      'Test/Scaling.minInstances: must not exceed maxInstances 4, got 5; swap them',
    );
  });
});
