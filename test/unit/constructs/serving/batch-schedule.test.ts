import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Serving, type ServingOf } from '../../../../config/serving';
import { BatchSchedule, type BatchScheduleProps } from '../../../../constructs/serving/batch-schedule';
import { DueBatch, startDue, type TransformJob } from '../../../../handlers/batch-due/logic';
import { allows, policyOf } from '../iam-simulation';
import { granted, keys, lake, stack, statementsOf } from '../smallest';
import { hasModel } from './smallest-endpoint';

const SCHEDULE = 'AWS::Scheduler::Schedule';
/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html */
const JOB_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

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

/** What the function is told, with tokens as `<Name>`. */
function told(made: Template): { scheduledTime: string; jobPrefix: string; request: Record<string, unknown> } {
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
  return JSON.parse(text) as ReturnType<typeof told>;
}

describe('BatchSchedule', () => {
  let plain: Template;
  beforeAll(() => {
    plain = template();
  });

  test('says the time and what SageMaker shall do with the released model, in the folder of the model', () => {
    const { request, ...rest } = told(plain);
    expect(rest).toEqual({ scheduledTime: '<aws.scheduler.scheduled-time>', jobPrefix: 'dev-churn' });
    expect(request).toMatchObject({
      ModelName: '<Fn GetAtt Model ModelName>',
      BatchStrategy: 'MultiRecord',
      MaxPayloadInMB: 6,
      MaxConcurrentTransforms: 1,
      TransformInput: { ContentType: 'text/csv', SplitType: 'Line' },
      TransformOutput: { Accept: 'text/csv', AssembleWith: 'Line' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeKmsKeyId: expect.any(String) },
      DataProcessing: { JoinSource: 'Input' },
    });
    expect(JSON.stringify(request)).toContain('/churn/batch/input/"');
    expect(JSON.stringify(request)).toContain('/churn/batch/output"');
  });

  test('is what the function takes, and becomes a request that SageMaker takes', async () => {
    const due = DueBatch.parse({ ...told(plain), scheduledTime: '2026-03-29T04:00:00Z' });
    const create = jest.fn<Promise<void>, [TransformJob]>(async () => undefined);
    expect(await startDue(due, create)).toEqual({ job: 'dev-churn-20260329T040000Z', before: false });
    const [job] = create.mock.calls[0] ?? [];
    expect(job?.TransformJobName).toMatch(JOB_NAME);
    expect(job?.TransformOutput.S3OutputPath).toMatch(/\/churn\/batch\/output\/dev-churn-20260329T040000Z$/);
  });

  test('encrypts no volumes that are the machine’s own disks, and joins nothing where it is told so', () => {
    const { request } = told(template({ serving: { instanceType: 'ml.g5.xlarge', joinInput: false } }));
    expect(request['TransformResources']).toEqual({ InstanceType: 'ml.g5.xlarge', InstanceCount: 1 });
    expect(request).not.toHaveProperty('DataProcessing');
  });

  test('runs by the clock that it is given, while there is a model', () => {
    template({ serving: { timeZone: 'Europe/Berlin' } }).hasResource(SCHEDULE, {
      Condition: 'HasModel',
      Properties: {
        ScheduleExpression: 'cron(0 3 * * ? *)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        State: 'ENABLED',
        Target: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BatchDue'), 'Arn'] } },
      },
    });
    template({ enabled: false }).hasResourceProperties(SCHEDULE, { State: 'DISABLED' });
  });

  test('lets the scheduler fill the two queues, and nothing else', () => {
    const queue = (id: string) => ({ 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] });
    const [{ Properties: policy } = {}] = Object.entries(plain.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith('BatchRole'))
      .map(([, resource]) => resource);
    expect(policy.PolicyDocument.Statement).toEqual([
      { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: [queue('^BatchDue'), queue('^BatchNotStarted')] },
    ]);
  });

  test('lets the function start jobs of this model and encrypt their volumes', () => {
    const may = (action: string, resource: string) => allows(policyOf(plain, 'BatchStart'), action, resource);
    const job = (name: string) => `arn:aws:sagemaker:eu-west-1:111111111111:transform-job/${name}`;
    expect(may('sagemaker:CreateTransformJob', job('dev-churn-20260329t040000z'))).toBe(true);
    expect(may('sagemaker:CreateTransformJob', job('dev-fraud-20260329t040000z'))).toBe(false);
    expect(may('sagemaker:CreateModel', job('dev-churn-20260329t040000z'))).toBe(false);
    expect(policyOf(plain, 'BatchStart').flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['kms:CreateGrant', 'kms:DescribeKey', 'sqs:ReceiveMessage', 'sqs:DeleteMessage']),
    );
  });

  test('tries a start again for an hour, one at a time', () => {
    plain.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 180,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        maxReceiveCount: 20,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BatchNotStarted'), 'Arn'] },
      },
    });
    plain.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1 });
    plain.hasResourceProperties('AWS::Lambda::Function', { Handler: 'batch-due.handler', Timeout: 30 });
    plain.hasResourceProperties(SCHEDULE, { Target: { RetryPolicy: { MaximumEventAgeInSeconds: 3600 } } });
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

  test('cuts a long name, so that SageMaker takes that of a job, and tells it from its like', () => {
    const prefix = (name: string) => told(template({ resourceName: name })).jobPrefix;
    const name = `prod-${'a'.repeat(40)}`;
    expect(prefix(`${name}b`)).toBe(`${name}b`);
    const [one, other] = [prefix(`${name}-eu`), prefix(`${name}-us`)];
    expect(one).not.toBe(other);
    expect(`${one}-20260329T040000Z`).toMatch(JOB_NAME);
    expect(`${one}-20260329T040000Z`).toHaveLength(63);
    expect(prefix(`prod-${'a'.repeat(33)}-${'b'.repeat(20)}`)).toMatch(/^prod-a{33}-[0-9a-f]{6}$/);
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

  test('tells of a job that began and then failed or was stopped, and of none of a model whose name goes on', () => {
    const scope = stack();
    batches(scope, { topic: new Topic(scope, 'Topic') });
    Template.fromStack(scope).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Transform Job State Change'],
        detail: { TransformJobName: [{ prefix: 'dev-churn-20' }], TransformJobStatus: ['Failed', 'Stopped'] },
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
