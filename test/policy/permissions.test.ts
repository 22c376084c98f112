import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentName, environments } from '../../config/environments';
import { models } from '../../config/models';
import { PlatformStage } from '../../lib/platform-stage';
import { app, statementsOf } from '../unit/constructs/smallest';

/** Actions that take no resource: IAM has nothing to narrow them by but conditions. */
const WITHOUT_RESOURCE = new Set([
  'application-autoscaling:DeleteScalingPolicy',
  'application-autoscaling:DeleteScheduledAction',
  'application-autoscaling:DeregisterScalableTarget',
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
  'application-autoscaling:DescribeScheduledActions',
  'application-autoscaling:ListTagsForResource',
  'application-autoscaling:PutScalingPolicy',
  'application-autoscaling:PutScheduledAction',
  'application-autoscaling:RegisterScalableTarget',
  'application-autoscaling:TagResource',
  'application-autoscaling:UntagResource',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'cloudwatch:PutMetricData',
  'ec2:DeleteNetworkInterfacePermission',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ecr:GetAuthorizationToken',
]);

const statements = (Object.keys(environments) as EnvironmentName[]).flatMap((name) => {
  const stage = new PlatformStage(app(), name, { environment: environments[name], models });
  return stage.node.children
    .filter(Stack.isStack)
    .flatMap((stack) =>
      statementsOf(Template.fromStack(stack)).map((statement) => ({ stack: stack.stackName, ...statement })),
    );
});

describe('what the roles of all environments may do', () => {
  test('is a lot of statements, so that these tests are about something', () => {
    expect(statements.length).toBeGreaterThan(100);
  });

  test('names whole actions', () => {
    expect(
      statements.filter(({ Effect, Action }) => Effect === 'Allow' && JSON.stringify(Action).includes('*')),
    ).toEqual([]);
  });

  test('names resources wherever the action takes any', () => {
    const wide = statements
      .filter(({ Effect, Resource }) => Effect === 'Allow' && [Resource].flat().includes('*'))
      .flatMap(({ stack, Action }) => [Action].flat().map((action) => ({ stack, action })))
      .filter(({ action }) => !WITHOUT_RESOURCE.has(action));
    expect(wide).toEqual([]);
  });

  test('hands roles over to one service each', () => {
    const passing = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    expect(passing.length).toBeGreaterThan(0);
    expect(passing.filter(({ Condition }) => !JSON.stringify(Condition).includes('iam:PassedToService'))).toEqual([]);
  });
});
