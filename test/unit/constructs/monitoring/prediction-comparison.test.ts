import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { PredictionComparison } from '../../../../constructs/monitoring/prediction-comparison';
import { allowedActions, allows, policyOf } from '../iam-simulation';
import { account, lake, region, stack } from '../smallest';

function template(variantName?: string): Template {
  const scope = stack();
  new PredictionComparison(scope, 'Comparison', {
    endpointName: 'dev-churn',
    modelName: 'churn',
    variantName,
    lake: lake(scope),
    logKey: new Key(scope, 'LogKey'),
    alarmAction: new SnsAction(new Topic(scope, 'Topic')),
  });
  return Template.fromStack(scope);
}

const made = template();
const arn = (resource: string) => `arn:aws:sagemaker:${region}:${account}:${resource}`;

describe('PredictionComparison', () => {
  test("is set off by each file below the model's prefix of the capture bucket, and by nothing else", () => {
    made.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ Ref: Match.stringLikeRegexp('^LakeCapture') }] },
          object: { key: [{ prefix: 'churn/' }] },
        },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ComparisonFiles'), 'Arn'] } })],
    });
    made.resourceCountIs('AWS::Events::Rule', 1);
  });

  test('looks once at what has come in ten seconds, two at a time at most, and keeps nothing that is stale', () => {
    made.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 10,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    made.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 600, SqsManagedSseEnabled: true });
  });

  test('is told its endpoint by name, and the usual variant unless told another', () => {
    const environment = (VARIANT_NAME: string) => ({
      Handler: 'capture-object-created.handler',
      Environment: { Variables: { ENDPOINT_NAME: 'dev-churn', VARIANT_NAME } },
    });
    made.hasResourceProperties('AWS::Lambda::Function', environment('AllTraffic'));
    template('live').hasResourceProperties('AWS::Lambda::Function', environment('live'));
  });

  test('tells people when it can not compare, for the guard is blind then', () => {
    made.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    });
  });

  describe('may', () => {
    const policy = policyOf(made, 'ComparisonFunction');

    test('do what a comparison takes, and nothing more', () => {
      expect(allowedActions(policy)).toEqual([
        'cloudwatch:PutMetricData',
        'kms:Decrypt',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:GetObject',
        's3:GetObjectVersion',
        's3:ListBucket',
        'sagemaker:DescribeEndpoint',
        'sagemaker:DescribeEndpointConfig',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
      ]);
    });

    test('report to the namespace of its own only', () => {
      const put = (namespace: string) =>
        allows(policy, 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': namespace });
      expect([put('mlops/endpoint'), put('AWS/SageMaker'), put('mlops/release')]).toEqual([true, false, false]);
    });

    test('look at its own endpoint only', () => {
      expect(allows(policy, 'sagemaker:DescribeEndpoint', arn('endpoint/dev-churn'))).toBe(true);
      expect(allows(policy, 'sagemaker:DescribeEndpoint', arn('endpoint/dev-fraud'))).toBe(false);
    });

    test("read what is captured of its own model, and not another's", () => {
      const [bucket] = Object.keys(made.findResources('AWS::S3::Bucket')).filter((id) => id.startsWith('LakeCapture'));
      const get = (key: string) => allows(policy, 's3:GetObject', `<${bucket}>/${key}`);
      expect([get('churn/3/a.jsonl'), get('fraud/3/a.jsonl')]).toEqual([true, false]);
    });
  });
});
