import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Serving, type ServingOf } from '../../../../config/serving';
import { BatchSchedule, type BatchScheduleProps } from '../../../../constructs/serving/batch-schedule';
import { granted, keys, lake, stack, statementsOf } from '../smallest';
import { hasModel } from './smallest-endpoint';

const SCHEDULE = 'AWS::Scheduler::Schedule';

interface Overrides extends Partial<Omit<BatchScheduleProps, 'serving'>> {
  readonly serving?: Partial<ServingOf<'batch'>>;
}

function template(overrides: Overrides = {}): Template {
  const scope = stack();
  batches(scope, overrides);
  return Template.fromStack(scope);
}

function batches(scope: Stack, { serving, ...props }: Overrides = {}): BatchSchedule {
  return new BatchSchedule(scope, 'Batch', {
    modelName: 'churn',
    resourceName: 'dev-churn',
    model: new CfnModel(scope, 'Model'),
    condition: hasModel(scope),
    serving: { ...(Serving.parse({ mode: 'batch' }) as ServingOf<'batch'>), ...serving },
    schedule: 'cron(0 3 * * ? *)',
    lake: lake(scope),
    keys: keys(scope),
    ...props,
  });
}

/** What SageMaker receives, with tokens as `<Name>`. */
function request(made: Template): Record<string, unknown> {
  const [schedule = {}] = Object.values(made.findResources(SCHEDULE));
  const { Input } = schedule['Properties'].Target as { Input: { 'Fn::Join': [string, (string | object)[]] } };
  const text = Input['Fn::Join'][1]
    .map((part) =>
      typeof part === 'string'
        ? part
        : `<${JSON.stringify(part)
            .replaceAll(/[^A-Za-z0-9]+/g, ' ')
            .trim()}>`,
    )
    .join('');
  return JSON.parse(text) as Record<string, unknown>;
}

describe('BatchSchedule', () => {
  let plain: Template;
  beforeAll(() => {
    plain = template();
  });

  test('calls CreateTransformJob with the released model, in the folder of the model, under a name of its own', () => {
    const made = request(plain);
    expect(made).toMatchObject({
      TransformJobName: 'dev-churn-<aws.scheduler.execution-id>',
      ModelName: '<Fn GetAtt Model ModelName>',
      BatchStrategy: 'MultiRecord',
      MaxPayloadInMB: 6,
      MaxConcurrentTransforms: 1,
      TransformInput: { ContentType: 'text/csv', SplitType: 'Line' },
      TransformOutput: { Accept: 'text/csv', AssembleWith: 'Line' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeKmsKeyId: expect.any(String) },
      DataProcessing: { JoinSource: 'Input' },
    });
    expect(JSON.stringify(made)).toContain('/churn/batch/input/"');
    expect(JSON.stringify(made)).toContain('/churn/batch/output/dev-churn-<aws.scheduler.execution-id>"');
  });

  test('encrypts no volumes that are the machine’s own disks, and joins nothing where it is told so', () => {
    const made = request(template({ serving: { instanceType: 'ml.g5.xlarge', joinInput: false } }));
    expect(made['TransformResources']).toEqual({ InstanceType: 'ml.g5.xlarge', InstanceCount: 1 });
    expect(made).not.toHaveProperty('DataProcessing');
  });

  test('runs by the clock that it is given, while there is a model', () => {
    template({ serving: { timeZone: 'Europe/Berlin' } }).hasResource(SCHEDULE, {
      Condition: 'HasModel',
      Properties: {
        ScheduleExpression: 'cron(0 3 * * ? *)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        State: 'ENABLED',
        Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sagemaker:createTransformJob' },
      },
    });
    template({ enabled: false }).hasResourceProperties(SCHEDULE, { State: 'DISABLED' });
  });

  test('lets the scheduler start jobs of this model, encrypt their volumes, keep what failed, and nothing else', () => {
    const statements = statementsOf(plain).map(({ Action, Resource }) => [Action, Resource]);
    expect(statements).toEqual([
      ['sagemaker:CreateTransformJob', 'arn:aws:sagemaker:eu-west-1:111111111111:transform-job/dev-churn-*'],
      [['kms:CreateGrant', 'kms:DescribeKey'], expect.anything()],
      ['sqs:SendMessage', expect.anything()],
    ]);
  });

  test('lets whoever releases change this schedule, and hand its role to the scheduler', () => {
    const releasing = granted((scope) => (grantee) => batches(scope).grantRelease(grantee));
    expect(statementsOf(releasing)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          Action: expect.arrayContaining(['scheduler:UpdateSchedule']),
          Resource: 'arn:aws:scheduler:eu-west-1:111111111111:schedule/default/dev-churn',
        }),
        expect.objectContaining({
          Action: 'iam:PassRole',
          Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
        }),
      ]),
    );
    plain.hasResourceProperties(SCHEDULE, { Name: 'dev-churn' });
  });

  test('cuts a long name, so that SageMaker takes that of a job with the longest id', () => {
    const made = request(template({ resourceName: `prod-${'a'.repeat(20)}-churn` }));
    const [prefix] = String(made['TransformJobName']).split('-<');
    expect(`${prefix}-${'0'.repeat(36)}`.length).toBeLessThanOrEqual(63);
    expect(prefix).toMatch(/[^-]$/);
  });

  test('keeps a start that failed for two weeks, and tells of it', () => {
    const made = plain;
    made.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 });
    made.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    made.hasResourceProperties(SCHEDULE, { Target: { DeadLetterConfig: { Arn: Match.anyValue() } } });
  });

  test('refuses what no schedule and no job takes, at once', () => {
    const wrong = () => template({ schedule: 'daily', serving: { timeZone: 'Mars' } });
    expect(wrong).toThrow(/^Test\/Batch: 2 problems/);
    expect(wrong).toThrow('Test/Batch.schedule: is no schedule, got daily');
  });

  test('tells of a job that began and then failed or was stopped, and of no job but its own', () => {
    const scope = stack();
    batches(scope, { topic: new Topic(scope, 'Topic') });
    Template.fromStack(scope).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Transform Job State Change'],
        detail: { TransformJobName: [{ prefix: 'dev-churn-' }], TransformJobStatus: ['Failed', 'Stopped'] },
      },
      Targets: [
        Match.objectLike({
          Arn: { Ref: Match.stringLikeRegexp('^Topic') },
          InputTransformer: Match.objectLike({
            InputPathsMap: Match.objectLike({ 'detail-FailureReason': '$.detail.FailureReason' }),
          }),
        }),
      ],
    });
    plain.resourceCountIs('AWS::Events::Rule', 0);
  });
});
