import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { defineModels } from '../../../config/schema';
import { PlatformStage } from '../../../lib/platform-stage';
import { environment, model } from '../config/smallest';
import { app } from '../constructs/smallest';
import { platform, resourcesOf, templateOf, templatesOf } from './platform';

const models = defineModels({ churn: model({ schedule: 'rate(1 day)' }) });
const stage = platform(models, { removal: 'retain' });
const templates = templatesOf(stage);
const all = Object.values(templates).flatMap((template) => Object.values(resourcesOf(template)));
const stacks = stage.node.children.filter(Stack.isStack);
const shared = ['Security', 'Network', 'Data', 'Registry', 'Access'];

/** Keeps what CloudFormation can't make again. */
const STATEFUL = ['Security', 'Data', 'Registry'];

describe('PlatformStage', () => {
  test('has the shared stacks and two a model', () => {
    expect(Object.keys(templates).sort()).toEqual([...shared, 'Pipeline-churn', 'Serving-churn'].sort());
  });

  test('names stacks after environment, concern and model', () => {
    expect(stacks.map(({ stackName }) => stackName)).toEqual(
      expect.arrayContaining(['mlops-test-security', 'mlops-test-data', 'mlops-test-pipeline-churn']),
    );
  });

  test('needs neither an account nor a look-up to be synthesised', () => {
    expect(stage.synth().manifest.missing).toBeUndefined();
  });

  test('leaves the choice of zones to CloudFormation', () => {
    templateOf(stage, 'Network').allResourcesProperties('AWS::EC2::Subnet', {
      AvailabilityZone: { 'Fn::Select': [Match.anyValue(), { 'Fn::GetAZs': '' }] },
    });
  });

  test('has no custom resource and so no function of the CDK', () => {
    const types = all.map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('Custom::') || type.includes('CustomResource'))).toEqual([]);
  });

  test('protects stateful stacks, and no others, where data is kept', () => {
    const protectedStacks = stacks
      .filter(({ terminationProtection }) => terminationProtection)
      .map(({ node }) => node.id);
    expect(protectedStacks.sort()).toEqual([...STATEFUL].sort());
  });

  test('protects no stack of an environment whose data may go', () => {
    const disposable = platform(models, { removal: 'destroy' });
    expect(
      disposable.node.children.filter(Stack.isStack).map(({ terminationProtection }) => terminationProtection),
    ).toEqual(stacks.map(() => false));
  });

  test.each([
    // A creation that fails takes back what it made: a name that is left would stop the next one.
    ['retain', 'RetainExceptOnCreate'],
    ['destroy', 'Delete'],
  ] as const)('lets buckets, keys, groups and releases follow removal %s', (removal, DeletionPolicy) => {
    const stage = platform(models, { removal });
    templateOf(stage, 'Data').allResources('AWS::S3::Bucket', { DeletionPolicy });
    templateOf(stage, 'Security').allResources('AWS::KMS::Key', { DeletionPolicy });
    templateOf(stage, 'Registry').allResources('AWS::SageMaker::ModelPackageGroup', { DeletionPolicy });
    templateOf(stage, 'Registry').allResources('AWS::SSM::Parameter', { DeletionPolicy });
    // One that is replaced is kept whatever becomes of the update.
    templateOf(stage, 'Registry').allResources('AWS::SSM::Parameter', {
      UpdateReplacePolicy: removal === 'retain' ? 'Retain' : 'Delete',
    });
  });

  test.each([
    [true, 'COMPLIANCE'],
    [false, 'GOVERNANCE'],
  ])('locks evidence for a production environment (%s) in mode %s', (production, Mode) => {
    templateOf(platform(models, { production, evidenceLockDays: 7 }), 'Data').hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 7, Mode } } },
    });
  });

  test('puts every role under the boundary', () => {
    const roles = all.filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(5);
    expect(roles.filter(({ Properties }) => !Properties?.['PermissionsBoundary'])).toEqual([]);
  });

  test('writes no permission of a model into a shared stack', () => {
    expect(
      shared.filter((id) => JSON.stringify(templates[id]?.findResources('AWS::IAM::Policy')).includes('churn')),
    ).toEqual([]);
  });

  test('writes what personas may do into one stack, whatever models there are', () => {
    const policies = Object.entries(templates).filter(([, template]) =>
      JSON.stringify(template.findResources('AWS::IAM::Policy')).includes('Personas'),
    );
    expect(policies.map(([id]) => id)).toEqual(['Access']);
  });

  test('tags everything with project and environment, and what is of a model with model and owner', () => {
    for (const [id, template] of Object.entries(templates)) {
      const ofModel = id.includes('churn') ? { model: 'churn', owner: 'team@example.com' } : {};
      for (const [logicalId, { Properties }] of Object.entries(resourcesOf(template))) {
        const tags = tagsOf(Properties?.['Tags']);
        if (!tags) continue;
        const expected = expect.objectContaining({ project: 'mlops', environment: 'test', ...ofModel });
        expect([id, logicalId, tags]).toEqual([id, logicalId, expected]);
      }
    }
    expect(all.filter(({ Properties }) => Properties?.['Tags']).length).toBeGreaterThan(30);
  });

  test('switches schedules on or off as the environment says', () => {
    const pipeline = (schedules: boolean) => templateOf(platform(models, { schedules }), 'Pipeline-churn');
    pipeline(true).hasResourceProperties('AWS::Scheduler::Schedule', { State: 'ENABLED' });
    pipeline(false).hasResourceProperties('AWS::Scheduler::Schedule', { State: 'DISABLED' });
  });

  test('tells those whom alarms go to when a schedule could not start its training', () => {
    const pipeline = templateOf(platform(models, { alarmEmails: ['oncall@example.com'] }), 'Pipeline-churn');
    const [topic] = Object.keys(pipeline.findResources('AWS::SNS::Topic'));
    pipeline.hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: 'oncall@example.com',
      TopicArn: { Ref: topic },
    });
    pipeline.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      AlarmActions: [{ Ref: topic }],
    });
  });

  test('has no schedule, and nobody to tell of it, for a model without one', () => {
    const quiet = templateOf(platform(defineModels({ churn: model() })), 'Pipeline-churn');
    for (const type of ['AWS::Scheduler::Schedule', 'AWS::SNS::Topic', 'AWS::SQS::Queue']) {
      quiet.resourceCountIs(type, 0);
    }
  });

  test.each([
    [{ kind: 'manual', personas: ['approver'] }, ['AccessApprover']],
    [{ kind: 'manual', personas: ['ml-engineer'] }, ['AccessMlEngineer']],
    [{ kind: 'automatic' }, []],
  ] as const)('lets those approve whom the approval %p names', (approval, expected) => {
    const policies = templateOf(
      platform(models, { approval: structuredClone(approval) as never }),
      'Access',
    ).findResources('AWS::IAM::Policy');
    const approving = Object.entries(policies).filter(([, policy]) =>
      JSON.stringify(policy).includes('sagemaker:UpdateModelPackage'),
    );
    expect(approving.map(([id]) => id.replace(/Policy.*/, ''))).toEqual(expected);
  });

  test('keeps captures for as long as the most cautious model of the environment allows', () => {
    const protection = (retentionDays: number) =>
      model({ dataProtection: { personalFields: [], lawfulBasis: 'consent', retentionDays } });
    const two = defineModels({ churn: protection(30), credit: protection(14) });
    expect(JSON.stringify(templateOf(platform(two), 'Data').toJSON())).toContain('"ExpirationInDays":14');
  });

  test('refuses a model that nobody described, naming those that somebody did', () => {
    const spec = { ...environment(['churn']) } as never;
    expect(() => new PlatformStage(app(), 'test', { environment: spec, models: { credit: models.churn } })).toThrow(
      'test.models: no such model, got churn; choose from credit',
    );
  });
});

/** Tags come as a list of pairs or, for SSM and the like, as a map. */
function tagsOf(tags: unknown): Record<string, string> | undefined {
  if (tags === undefined) return undefined;
  if (!Array.isArray(tags)) return tags as Record<string, string>;
  return Object.fromEntries((tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}
