import { Duration } from 'aws-cdk-lib';
import { Capture, Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Promotion, type PromotionProps } from '../../../../constructs/serving/promotion';
import { ReleaseRole } from '../../../../constructs/serving/release-role';
import { allowedActions, allows, policyOf } from '../iam-simulation';
import { lake, registeredModel, role, stack } from '../smallest';

const RULE = 'AWS::Events::Rule';
const QUEUE = 'AWS::SQS::Queue';

function template(props: Partial<PromotionProps> = {}): Template {
  const scope = stack();
  const topic = new Topic(scope, 'Topic');
  const key = new Key(scope, 'Key');
  new Promotion(scope, 'Promotion', {
    environmentName: 'dev',
    modelName: 'flight-delay',
    registered: registeredModel(scope),
    lake: lake(scope),
    releaseRole: new ReleaseRole(scope, 'ReleaseRole', {
      environmentName: 'dev',
      modelName: 'flight-delay',
      executionRole: role(scope, 'Execution'),
      dataKey: key,
    }),
    approval: { people: 1, expiresHours: 168 },
    rolloutLimit: Duration.hours(1),
    topic,
    topicKey: key,
    logKey: key,
    alarmAction: new SnsAction(topic),
    ...props,
  });
  return Template.fromStack(scope);
}

/** Logical id of the resource of a type whose id begins so. */
function idOf(made: Template, type: string, beginning: string): string {
  const found = Object.keys(made.findResources(type)).filter((id) => id.startsWith(beginning));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

const made = template();
const deadLetters = { 'Fn::GetAtt': [idOf(made, QUEUE, 'PromotionDeadLetters'), 'Arn'] };
const approvals = { 'Fn::GetAtt': [idOf(made, QUEUE, 'PromotionApprovals'), 'Arn'] };
const handler = (id: string) => ({ 'Fn::GetAtt': [idOf(made, 'AWS::Lambda::Function', `Promotion${id}`), 'Arn'] });

describe('Promotion', () => {
  test("queues approvals of this model's versions, and no other event", () => {
    made.hasResourceProperties(RULE, {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Model Package State Change'],
        detail: { ModelPackageGroupName: ['dev-flight-delay'], ModelApprovalStatus: ['Approved'] },
      },
      Targets: [Match.objectLike({ Arn: approvals, DeadLetterConfig: { Arn: deadLetters } })],
    });
  });

  test('promotes one approval at a time, and takes only those back that failed', () => {
    made.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: approvals,
      FunctionName: { Ref: handler('PromoteApproved')['Fn::GetAtt'][0] },
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    made.hasResourceProperties('AWS::Lambda::Function', { Handler: 'model-package-state-change.handler' });
  });

  test('reviews the release when an operation of this very stack has ended, and every hour', () => {
    const target = Match.objectLike({ Arn: handler('ReviewStack'), DeadLetterConfig: { Arn: deadLetters } });
    made.hasResourceProperties(RULE, {
      EventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': [{ Ref: 'AWS::StackId' }],
          'status-details': {
            status: Match.arrayWith(['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED']),
          },
        },
      },
      Targets: [target],
    });
    made.hasResourceProperties(RULE, { ScheduleExpression: 'rate(1 hour)', Targets: [target] });
    made.resourceCountIs(RULE, 3);
  });

  test('acts on no status that something follows by itself', () => {
    const text = JSON.stringify(made.findResources(RULE));
    expect(text).not.toMatch(/_IN_PROGRESS|_CLEANUP/);
  });

  test('hides a message for longer than the handler may take, six times as AWS asks', () => {
    made.hasResourceProperties(QUEUE, { VisibilityTimeout: 180 });
    made.hasResourceProperties('AWS::Lambda::Function', { Handler: 'model-package-state-change.handler', Timeout: 30 });
  });

  test('gives the review of the stack the time to copy an artefact', () => {
    made.hasResourceProperties('AWS::Lambda::Function', { Handler: 'stack-status-change.handler', Timeout: 300 });
  });

  test.each([
    [10, 2 * 10 + 5 * 3],
    [60, 2 * 60 + 5 * 3],
    [480, 2 * 480 + 5 * 3],
  ])('lets an approval wait for two rollouts of %d minutes before it goes to the dead letters', (minutes, atLeast) => {
    const attempts = new Capture();
    template({ rolloutLimit: Duration.minutes(minutes) }).hasResourceProperties(QUEUE, {
      RedrivePolicy: { maxReceiveCount: attempts },
    });
    const maxReceiveCount = attempts.asNumber();
    expect(maxReceiveCount * 3).toBeGreaterThanOrEqual(atLeast);
    expect(maxReceiveCount).toBeLessThanOrEqual(1000);
    // SQS forgets messages after four days.
    expect(maxReceiveCount * 3).toBeLessThan(4 * 24 * 60);
  });

  test('never lets more attempts be than SQS takes', () => {
    template({ rolloutLimit: Duration.days(3) }).hasResourceProperties(QUEUE, {
      RedrivePolicy: { maxReceiveCount: 1000 },
    });
  });

  test('keeps what could not be handled for two weeks, and tells of it', () => {
    made.hasResourceProperties(QUEUE, { MessageRetentionPeriod: 1_209_600 });
    made.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [deadLetters['Fn::GetAtt'][0], 'QueueName'] } }],
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    });
  });

  test('goes off when the handler measures a mismatch, and stays so between two looks', () => {
    made.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'mlops/release',
      MetricName: 'ReleaseMismatches',
      Dimensions: [
        { Name: 'Environment', Value: 'dev' },
        { Name: 'Model', Value: 'flight-delay' },
      ],
      Statistic: 'Maximum',
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    });
  });

  test('lets the one handler that looks measure, in its own namespace', () => {
    const put = (id: string, namespace: string) =>
      allows(policyOf(made, `Promotion${id}`), 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': namespace });
    expect(put('ReviewStack', 'mlops/release')).toBe(true);
    expect(put('ReviewStack', 'AWS/SageMaker')).toBe(false);
    expect(put('PromoteApproved', 'mlops/release')).toBe(false);
  });

  test('encrypts its queues, and takes no message without TLS', () => {
    made.allResourcesProperties(QUEUE, { SqsManagedSseEnabled: true });
    made.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('tells the handlers all that their settings ask for', () => {
    made.allResourcesProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          ENVIRONMENT: 'dev',
          MODEL: 'flight-delay',
          EVIDENCE_BUCKET: Match.anyValue(),
          RELEASE_ROLE_ARN: Match.anyValue(),
          TOPIC_ARN: Match.anyValue(),
          APPROVAL_PEOPLE: '1',
          APPROVAL_EXPIRES_HOURS: '168',
        },
      },
    });
  });

  test('tells them of no expiry where nobody approves', () => {
    const automatic = template({ approval: { people: 0 } });
    automatic.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: { APPROVAL_PEOPLE: '0', APPROVAL_EXPIRES_HOURS: Match.absent() } },
    });
  });

  describe('where new versions have to beat the one that serves', () => {
    const kept = template({ keepsChampion: true });
    const models = `<${idOf(kept, 'AWS::S3::Bucket', 'LakeModels')}>`;
    const may = (id: string, action: string, key: string) =>
      allows(policyOf(kept, `Promotion${id}`), action, `${models}/${key}`);

    test('lets the handler that looks copy the artefact to the place of the champion, and nowhere else', () => {
      expect(may('ReviewStack', 's3:GetObject', 'flight-delay/1/model.tar.gz')).toBe(true);
      expect(may('ReviewStack', 's3:PutObject', 'flight-delay/champion/model.tar.gz')).toBe(true);
      expect(may('ReviewStack', 's3:PutObject', 'flight-delay/1/model.tar.gz')).toBe(false);
      expect(may('PromoteApproved', 's3:PutObject', 'flight-delay/champion/model.tar.gz')).toBe(false);
    });

    test('gives the copy the time that a function has, in which a large one can be taken back', () => {
      const timeout = (template: Template) =>
        Object.values(template.findResources('AWS::Lambda::Function'))
          .map(({ Properties }) => Properties as { Handler: string; Timeout: number })
          .find(({ Handler }) => Handler === 'stack-status-change.handler')?.Timeout;
      expect([timeout(kept), timeout(made)]).toEqual([900, 300]);
      expect(may('ReviewStack', 's3:AbortMultipartUpload', 'flight-delay/champion/model.tar.gz')).toBe(true);
    });

    test('tells it the bucket, and tells nobody where it is not asked for', () => {
      const variables = (bucket: unknown) => ({ Environment: { Variables: { CHAMPION_BUCKET: bucket } } });
      kept.hasResourceProperties('AWS::Lambda::Function', {
        Handler: 'stack-status-change.handler',
        ...variables(Match.anyValue()),
      });
      made.allResourcesProperties('AWS::Lambda::Function', variables(Match.absent()));
    });
  });

  describe('where two people have to say yes', () => {
    const two = template({ approval: { people: 2, expiresHours: 24 } });
    const bucket = `<${idOf(two, 'AWS::S3::Bucket', 'LakeEvidence')}>`;
    const version = 'arn:aws:sagemaker:eu-west-1:111111111111:model-package/dev-flight-delay/3';
    const may = (id: string, action: string, resource: string, context = {}) =>
      allows(policyOf(two, `Promotion${id}`), action, resource, context);

    test('hears of rejections as well, which undo approvals', () => {
      two.hasResourceProperties(RULE, {
        EventPattern: { detail: { ModelApprovalStatus: ['Approved', 'Rejected'] } },
      });
    });

    test('lets the handler of approvals take one back, and give none', () => {
      const update = (status: string) =>
        may('PromoteApproved', 'sagemaker:UpdateModelPackage', version, { 'sagemaker:ModelApprovalStatus': status });
      expect(['PendingManualApproval', 'Approved', 'Rejected'].map(update)).toEqual([true, false, false]);
      expect(may('ReviewStack', 'sagemaker:UpdateModelPackage', version)).toBe(false);
    });

    test('lets that handler alone write down who said yes, for this model', () => {
      const write = (id: string, model: string) => may(id, 's3:PutObject', `${bucket}/approvals/dev/${model}/3/1.json`);
      expect([write('PromoteApproved', 'flight-delay'), write('PromoteApproved', 'churn')]).toEqual([true, false]);
      expect(write('ReviewStack', 'flight-delay')).toBe(false);
      expect(may('ReviewStack', 's3:GetObject', `${bucket}/approvals/dev/flight-delay/3/1.json`)).toBe(true);
    });
  });

  describe.each(['PromoteApproved', 'ReviewStack'])('lets the handler %s', (id) => {
    const statements = policyOf(made, `Promotion${id}`);
    const at = 'eu-west-1:111111111111';
    const thisStack = `arn:aws:cloudformation:${at}:stack/Test/5e0c1f`;
    const releaseRole = `<${idOf(made, 'AWS::IAM::Role', 'ReleaseRole')}>`;
    const parameter = (model: string) => `arn:aws:ssm:${at}:parameter/mlops/dev/${model}/release`;

    test('update this stack in the release role, and neither in another nor another stack', () => {
      const update = (stackArn: string, roleArn: string) =>
        allows(statements, 'cloudformation:UpdateStack', stackArn, { 'cloudformation:RoleArn': roleArn });
      expect(update(thisStack, releaseRole)).toBe(true);
      expect(update(thisStack, 'arn:aws:iam::111111111111:role/Admin')).toBe(false);
      expect(update(thisStack.replace('Test', 'Other'), releaseRole)).toBe(false);
      expect(allows(statements, 'cloudformation:UpdateStack', thisStack)).toBe(false);
    });

    test('hand over the release role, to CloudFormation only', () => {
      const pass = (service: string) =>
        allows(statements, 'iam:PassRole', releaseRole, { 'iam:PassedToService': service });
      expect(['cloudformation.amazonaws.com', 'lambda.amazonaws.com'].map(pass)).toEqual([true, false]);
    });

    test("write this model's release, and no other's", () => {
      expect(
        ['flight-delay', 'churn'].map((model) => allows(statements, 'ssm:PutParameter', parameter(model))),
      ).toEqual([true, false]);
    });

    test("write this model's evidence, and no other's", () => {
      const bucket = `<${idOf(made, 'AWS::S3::Bucket', 'LakeEvidence')}>`;
      const write = (model: string) => allows(statements, 's3:PutObject', `${bucket}/releases/dev/${model}/1.json`);
      expect(['flight-delay', 'churn'].map(write)).toEqual([true, false]);
    });

    test('be told that there is no evidence yet, which S3 tells only those who may list', () => {
      const bucket = `<${idOf(made, 'AWS::S3::Bucket', 'LakeEvidence')}>`;
      expect(allows(statements, 's3:ListBucket', bucket)).toBe(true);
    });

    test('read the parameters that the update of the stack reads', () => {
      expect(allows(statements, 'ssm:GetParameters', parameter('flight-delay'))).toBe(true);
      expect(
        allows(statements, 'ssm:GetParameters', `arn:aws:ssm:${at}:parameter/cdk-bootstrap/hnb659fds/version`),
      ).toBe(true);
    });

    test('read the history of the alarms of this stack, and of no other', () => {
      const history = (name: string) =>
        allows(statements, 'cloudwatch:DescribeAlarmHistory', `arn:aws:cloudwatch:${at}:alarm:${name}`);
      expect(['Test-ErrorRate1A2B', 'Other-ErrorRate1A2B'].map(history)).toEqual([true, false]);
    });

    test('see what serves, and change nothing of SageMaker itself', () => {
      const own = allowedActions(statements).filter((action) => action.startsWith('sagemaker:'));
      expect(own.filter((action) => !/:(Describe|List)/.test(action))).toEqual([]);
      expect(own).toEqual(expect.arrayContaining(['sagemaker:DescribeEndpoint', 'sagemaker:DescribeModelPackage']));
    });

    test('have no wildcard among its actions', () => {
      expect(allowedActions(statements).filter((action) => action.includes('*'))).toEqual([]);
    });
  });
});
