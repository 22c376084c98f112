import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ReleaseRole } from '../../../../constructs/serving/release-role';
import { allowedActions, allows, policyOf } from '../iam-simulation';
import { role, stack } from '../smallest';

const scope = stack();
const executionRole = role(scope, 'Execution');
const releaseRole = new ReleaseRole(scope, 'ReleaseRole', {
  environmentName: 'dev',
  modelName: 'churn',
  executionRole,
  dataKey: new Key(scope, 'DataKey'),
});
const template = Template.fromStack(scope);
const statements = policyOf(template, 'ReleaseRole');
const can = (...request: [action: string, resource: string, context?: Record<string, string>]) =>
  allows(statements, ...request);

const at = 'eu-west-1:111111111111';
const sageMaker = (resource: string) => `arn:aws:sagemaker:${at}:${resource}`;
const execution = `<${scope.getLogicalId(executionRole.node.defaultChild as never)}>`;
const toSageMaker = { 'iam:PassedToService': 'sagemaker.amazonaws.com' };
const alarm = (endpoint: string) =>
  `arn:aws:cloudwatch:${at}:alarm:TargetTracking-endpoint/${endpoint}/variant/AllTraffic-AlarmHigh-d4f0770c`;

describe('ReleaseRole', () => {
  test('is for CloudFormation alone, below the path by which personas may hand it over', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Path: '/mlops/dev/release/',
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'cloudformation.amazonaws.com' } }] },
    });
    expect(releaseRole.role.roleArn).toBeDefined();
  });

  test.each([
    ['sagemaker:CreateModel', sageMaker('model/Model-x1')],
    ['sagemaker:DeleteModel', sageMaker('model/Model-x1')],
    ['sagemaker:CreateEndpointConfig', sageMaker('endpoint-config/Config-x1')],
    ['sagemaker:DeleteEndpointConfig', sageMaker('endpoint-config/Config-x1')],
    ['sagemaker:CreateEndpoint', sageMaker('endpoint/dev-churn')],
    ['sagemaker:CreateEndpoint', sageMaker('endpoint-config/Config-x1')],
    ['sagemaker:UpdateEndpoint', sageMaker('endpoint/dev-churn')],
    ['sagemaker:UpdateEndpoint', sageMaker('endpoint-config/Config-x1')],
    ['sagemaker:UpdateEndpointWeightsAndCapacities', sageMaker('endpoint/dev-churn')],
    ['sagemaker:DescribeModelPackage', sageMaker('model-package/dev-churn/3')],
    ['application-autoscaling:RegisterScalableTarget', '*'],
    ['application-autoscaling:PutScheduledAction', '*'],
    ['application-autoscaling:DeleteScheduledAction', '*'],
    ['cloudwatch:DescribeAlarms', '*'],
    ['cloudwatch:GetMetricData', '*'],
    ['cloudwatch:PutMetricAlarm', alarm('dev-churn')],
  ])('may do what a release takes: %s on %s', (action, resource) => {
    expect(can(action, resource)).toBe(true);
  });

  test("may read what the stack's template refers to: parameters, and outputs of the environment's stacks", () => {
    expect(can('ssm:GetParameters', `arn:aws:ssm:${at}:parameter/mlops/dev/churn/release`)).toBe(true);
    expect(can('ssm:GetParameters', `arn:aws:ssm:${at}:parameter/cdk-bootstrap/hnb659fds/version`)).toBe(true);
    expect(can('cloudformation:DescribeStacks', `arn:aws:cloudformation:${at}:stack/mlops-dev-data/5e0c1f`)).toBe(true);
    expect(can('cloudformation:DescribeStacks', `arn:aws:cloudformation:${at}:stack/mlops-prod-data/5e0c1f`)).toBe(
      false,
    );
  });

  test('hands over the execution role of models, to SageMaker, and no other', () => {
    expect(can('iam:PassRole', execution, toSageMaker)).toBe(true);
    expect(can('iam:PassRole', execution, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
    expect(can('iam:PassRole', 'arn:aws:iam::111111111111:role/Admin', toSageMaker)).toBe(false);
  });

  test.each([
    ['sagemaker:UpdateEndpoint', sageMaker('endpoint/dev-credit')],
    ['sagemaker:UpdateEndpoint', sageMaker('endpoint/prod-churn')],
    ['sagemaker:DescribeModelPackage', sageMaker('model-package/dev-credit/3')],
    ['ssm:GetParameter', `arn:aws:ssm:${at}:parameter/mlops/dev/credit/release`],
    ['cloudwatch:PutMetricAlarm', alarm('dev-credit')],
    ['cloudwatch:DeleteAlarms', `arn:aws:cloudwatch:${at}:alarm:ErrorRate`],
  ])("may not touch what is another model's: %s on %s", (action, resource) => {
    expect(can(action, resource)).toBe(false);
  });

  test('makes no role but the one that scales endpoints', () => {
    const iam = allowedActions(statements).filter((action) => action.startsWith('iam:'));
    expect(iam).toEqual(['iam:CreateServiceLinkedRole', 'iam:PassRole']);
    const scaling = 'sagemaker.application-autoscaling.amazonaws.com';
    const linked = `arn:aws:iam::111111111111:role/aws-service-role/${scaling}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
    expect(can('iam:CreateServiceLinkedRole', linked, { 'iam:AWSServiceName': scaling })).toBe(true);
    expect(can('iam:CreateServiceLinkedRole', linked, { 'iam:AWSServiceName': 'ecs.amazonaws.com' })).toBe(false);
  });

  test('neither decides a release nor touches data, functions, rules or topics', () => {
    const foreign = allowedActions(statements).filter((action) =>
      /^(s3|lambda|events|sns|sqs|ec2):|Put(Parameter|Rule)/.test(action),
    );
    expect(foreign).toEqual([]);
  });

  test('has no wildcard among its actions', () => {
    expect(allowedActions(statements).filter((action) => action.includes('*'))).toEqual([]);
  });
});
