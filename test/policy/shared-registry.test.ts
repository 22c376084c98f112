import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  allowedActions,
  allows,
  type Caller,
  type PolicyStatement,
  policyOf,
  type RequestContext,
  type ResourceStatement,
  resolve,
  resourceAllows,
  resourcePolicyOf,
} from '../unit/constructs/iam-simulation';
import { app } from '../unit/constructs/smallest';
import { resourcesOf, templateOf, templatesOf } from '../unit/lib/platform';
import { CONSUMER_ACCOUNT, REGISTRY_ACCOUNT, sharedRegistry } from '../unit/lib/shared-registry';

const root = app();
const { staging, prod } = sharedRegistry(root);
const serving = templateOf(prod, 'Serving-churn');
const registry = templateOf(staging, 'Registry');
const data = templateOf(staging, 'Data');
const bucketIds = Object.keys(data.findResources('AWS::S3::Bucket'));
const bucketOf = (zone: string) => `arn:aws:s3:::staging-${zone.toLowerCase()}`;

/** What CloudFormation would make of the references to buckets. */
function withBuckets<T>(value: T): T {
  const named = bucketIds.reduce((text, id) => {
    const zone = /^Lake([A-Z][a-z]+)/.exec(id)?.[1] ?? '';
    return text.replaceAll(`<${id}>`, bucketOf(zone));
  }, JSON.stringify(value));
  return JSON.parse(named) as T;
}

const bucketPolicy = (zone: string): readonly ResourceStatement[] =>
  withBuckets(resourcePolicyOf(data, 'AWS::S3::BucketPolicy', 'PolicyDocument', `Lake${zone}`));
const keyPolicy = resourcePolicyOf(templateOf(staging, 'Security'), 'AWS::KMS::Key', 'KeyPolicy', 'KeysData');
const imagesPolicy = resourcePolicyOf(registry, 'AWS::ECR::Repository', 'RepositoryPolicyText').map((statement) => ({
  ...statement,
  Resource: '*',
}));
const groupPolicy = (model: string) =>
  resourcePolicyOf(registry, 'AWS::SageMaker::ModelPackageGroup', 'ModelPackageGroupPolicy', `staging-${model}`);
const busPolicy = Object.values(templateOf(prod, 'Registry').findResources('AWS::Events::EventBusPolicy')).map(
  ({ Properties }) => (resolve(Properties) as { Statement: ResourceStatement }).Statement,
);

/** A role that models of prod run as, and roles that aren't. */
const runs: Caller = { account: CONSUMER_ACCOUNT, arn: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/mlops/prod/serving/a-1` };
const strangers: readonly Caller[] = [
  { account: '999999999999', arn: 'arn:aws:iam::999999999999:role/mlops/prod/serving/a-1' },
  { account: CONSUMER_ACCOUNT, arn: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/mlops/prod/release/a-1` },
  { account: CONSUMER_ACCOUNT, arn: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/mlops/prod-2/serving/a-1` },
  { account: CONSUMER_ACCOUNT, arn: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/Admin` },
];

interface Resource {
  readonly policy: readonly ResourceStatement[];
  readonly account?: string;
}

/** Whether a request from one account to another is allowed: both sides have to say so. */
function across(
  identity: readonly PolicyStatement[],
  caller: Caller,
  { policy, account = REGISTRY_ACCOUNT }: Resource,
  [action, resource, context = {}]: readonly [string, string, RequestContext?],
): boolean {
  const whole = { 'aws:ResourceAccount': account, 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...context };
  return allows(identity, action, resource, whole) && resourceAllows(policy, caller, action, resource, whole);
}

const execution = policyOf(serving, 'ModelExecutionRole');
const release = policyOf(serving, 'ReleaseRole');
const viaS3 = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };
const key = `arn:aws:kms:eu-west-1:${REGISTRY_ACCOUNT}:key/1234`;
const images = `arn:aws:ecr:eu-west-1:${REGISTRY_ACCOUNT}:repository/mlops-staging-images`;
const version = (group: string, account = REGISTRY_ACCOUNT) =>
  `arn:aws:sagemaker:eu-west-1:${account}:model-package/${group}/3`;
const fetching: [string, string, readonly ResourceStatement[], RequestContext][] = [
  ['s3:GetObject', `${bucketOf('Models')}/churn/job-1/output/model.tar.gz`, bucketPolicy('Models'), {}],
  ['s3:ListBucket', bucketOf('Models'), bucketPolicy('Models'), { 's3:prefix': 'churn/job-1' }],
  ['kms:Decrypt', key, keyPolicy, viaS3],
  ['ecr:BatchCheckLayerAvailability', images, imagesPolicy, {}],
  ['ecr:BatchGetImage', images, imagesPolicy, {}],
  ['ecr:GetDownloadUrlForLayer', images, imagesPolicy, {}],
];

describe('a model of prod, made of a version that is registered in the account of staging', () => {
  test.each(fetching)('is allowed %s', (action, resource, policy, context) => {
    expect(across(execution, runs, { policy }, [action, resource, context])).toBe(true);
  });

  test.each(fetching)(
    'is alone with it: others are refused %s by the resource',
    (action, resource, policy, context) => {
      const allowed = strangers.filter((each) => resourceAllows(policy, each, action, resource, context));
      expect(allowed).toEqual([]);
    },
  );

  test.each([
    ['artefacts of another model', 's3:GetObject', `${bucketOf('Models')}/credit/job-1/output/model.tar.gz`, 'Models'],
    [
      'artefacts whose folder only begins the same',
      's3:GetObject',
      `${bucketOf('Models')}/churn-2/model.tar.gz`,
      'Models',
    ],
    ['raw data of its own model', 's3:GetObject', `${bucketOf('Raw')}/churn/data.csv`, 'Raw'],
    ['captured data', 's3:GetObject', `${bucketOf('Capture')}/churn/data.jsonl`, 'Capture'],
    ['evidence', 's3:GetObject', `${bucketOf('Evidence')}/churn/state.json`, 'Evidence'],
    ['to write an artefact', 's3:PutObject', `${bucketOf('Models')}/churn/job-1/output/model.tar.gz`, 'Models'],
    ['to delete an artefact', 's3:DeleteObject', `${bucketOf('Models')}/churn/job-1/output/model.tar.gz`, 'Models'],
  ])('is refused %s', (_, action, resource, zone) => {
    expect(across(execution, runs, { policy: bucketPolicy(zone) }, [action, resource])).toBe(false);
    expect(resourceAllows(bucketPolicy(zone), runs, action, resource)).toBe(false);
  });

  test('is refused artefacts by plain HTTP, and what another account calls its own', () => {
    const artefact = `${bucketOf('Models')}/churn/job-1/output/model.tar.gz`;
    const policy = bucketPolicy('Models');
    expect(across(execution, runs, { policy }, ['s3:GetObject', artefact, { 'aws:SecureTransport': 'false' }])).toBe(
      false,
    );
    expect(across(execution, runs, { policy, account: '999999999999' }, ['s3:GetObject', artefact])).toBe(false);
  });

  test('uses the key for objects only, and for nothing but to read them', () => {
    const may = (action: string, context: RequestContext) =>
      across(execution, runs, { policy: keyPolicy }, [action, key, context]);
    expect(may('kms:Decrypt', {})).toBe(false);
    expect(may('kms:Decrypt', { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' })).toBe(false);
    expect(['kms:Encrypt', 'kms:GenerateDataKey', 'kms:CreateGrant'].filter((action) => may(action, viaS3))).toEqual(
      [],
    );
  });

  test('finds the image where staging publishes it, by the role that the bootstrap has for it', () => {
    const { artifactId } = staging.node.findChild('Pipeline-churn') as Stack;
    const assets = join(staging.synth().directory, `${artifactId}.assets.json`);
    const manifest = JSON.parse(readFileSync(assets, 'utf8')) as {
      dockerImages: Record<string, { destinations: Record<string, { repositoryName: string; assumeRoleArn: string }> }>;
    };
    const [destination] = Object.values(manifest.dockerImages).flatMap(({ destinations }) =>
      Object.values(destinations),
    );
    expect(destination?.repositoryName).toBe('mlops-staging-images');
    const name = `cdk-hnb659fds-image-publishing-role-${REGISTRY_ACCOUNT}-eu-west-1`;
    expect(destination?.assumeRoleArn).toMatch(new RegExp(`:role/${name}$`));
    const publisher = { account: REGISTRY_ACCOUNT, arn: `arn:aws:iam::${REGISTRY_ACCOUNT}:role/${name}` };
    // What cdk-assets and docker push call.
    const calls = [
      'ecr:BatchCheckLayerAvailability',
      'ecr:CompleteLayerUpload',
      'ecr:DescribeImages',
      'ecr:DescribeRepositories',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ];
    expect(calls.filter((each) => !resourceAllows(imagesPolicy, publisher, each, images))).toEqual([]);
    expect(calls.filter((each) => resourceAllows(imagesPolicy, runs, each, images))).toEqual([calls[0]]);
  });

  test('leaves staging both repositories, for its versions of before have their image in the other', () => {
    const inStaging = policyOf(templateOf(staging, 'Serving-churn'), 'ModelExecutionRole');
    const repository = (name: string) => `arn:aws:ecr:eu-west-1:${REGISTRY_ACCOUNT}:repository/${name}`;
    const bootstrap = `cdk-hnb659fds-container-assets-${REGISTRY_ACCOUNT}-eu-west-1`;
    for (const arn of [images, repository(bootstrap)])
      expect([arn, allows(inStaging, 'ecr:BatchGetImage', arn)]).toEqual([arn, true]);
    expect(allows(inStaging, 'ecr:BatchGetImage', repository('others'))).toBe(false);
  });

  test('pushes no image', () => {
    expect(across(execution, runs, { policy: imagesPolicy }, ['ecr:PutImage', images])).toBe(false);
  });
});

describe('a release of prod', () => {
  const releaseRole = strangers[1] as Caller;
  const may = (statements: readonly PolicyStatement[], action: string, resource: string) =>
    across(statements, releaseRole, { policy: groupPolicy('churn') }, [action, resource]);

  test('describes versions of its model and makes models of them', () => {
    for (const action of ['sagemaker:DescribeModelPackage', 'sagemaker:CreateModel'])
      expect([action, may(release, action, version('staging-churn'))]).toEqual([action, true]);
  });

  test('has no version of another model, of prod itself or of a third account', () => {
    for (const arn of [version('staging-credit'), version('prod-churn'), version('staging-churn', '999999999999')])
      expect([arn, may(release, 'sagemaker:CreateModel', arn)]).toEqual([arn, false]);
    expect(groupPolicy('credit')).toEqual([]);
  });

  test('of before, which is in the own registry of prod, serves on', () => {
    const before = version('prod-churn', CONSUMER_ACCOUNT);
    for (const statements of [release, policyOf(serving, 'PromotionReviewStack')])
      expect(allows(statements, 'sagemaker:DescribeModelPackage', before)).toBe(true);
    const readable = execution.flatMap(({ Action, Resource }) =>
      [Action].flat().includes('s3:GetObject') ? [Resource].flat() : [],
    );
    expect(readable.filter((each) => each.startsWith('<') && each.endsWith('/churn/*'))).toHaveLength(1);
  });

  test('is known to its handlers', () => {
    for (const handler of ['PromotionPromoteApproved', 'PromotionReviewStack'])
      expect(may(policyOf(serving, handler), 'sagemaker:DescribeModelPackage', version('staging-churn'))).toBe(true);
  });

  test('is told to its handlers as that of staging', () => {
    const functions = Object.values(serving.findResources('AWS::Lambda::Function'));
    const variables = functions.map(({ Properties }) => (Properties as Lambda).Environment.Variables);
    const ofReleases = variables.filter(({ MODEL }) => MODEL === 'churn');
    expect(ofReleases).toHaveLength(2);
    for (const each of ofReleases)
      expect(each).toMatchObject({ REGISTRY_ENVIRONMENT: 'staging', REGISTRY_ACCOUNT, ENVIRONMENT: 'prod' });
    const own = Object.values(templateOf(staging, 'Serving-churn').findResources('AWS::Lambda::Function'));
    expect(JSON.stringify(own)).not.toContain('REGISTRY_');
  });

  test('changes nothing in the registry, whoever asks', () => {
    const reading = [
      'sagemaker:CreateModel',
      'sagemaker:DescribeModelPackage',
      'sagemaker:DescribeModelPackageGroup',
      'sagemaker:ListModelPackages',
    ];
    expect(allowedActions(groupPolicy('churn'))).toEqual(reading);
    expect(
      resourceAllows(
        groupPolicy('churn'),
        strangers[0] as Caller,
        'sagemaker:DescribeModelPackage',
        version('staging-churn'),
      ),
    ).toBe(false);
  });
});

describe('people of prod', () => {
  const access = templateOf(prod, 'Access');
  const personas = ['DataScientist', 'MlEngineer', 'Approver', 'Application', 'Operator'];
  const who = (action: string, resource: string, context: RequestContext = {}) =>
    personas.filter((persona) => allows(policyOf(access, `Access${persona}`), action, resource, context));
  const group = `arn:aws:sagemaker:eu-west-1:${REGISTRY_ACCOUNT}:model-package-group/staging-churn`;

  test('see the versions, but for programs that only ask the endpoint', () => {
    const people = personas.filter((persona) => persona !== 'Application');
    expect(who('sagemaker:DescribeModelPackage', version('staging-churn'))).toEqual(people);
    expect(who('sagemaker:ListModelPackages', group)).toEqual(people);
    expect(who('sagemaker:DescribeModelPackage', version('dev-churn'))).toEqual([]);
  });

  test('say neither yes nor no to a version', () => {
    expect(who('sagemaker:UpdateModelPackage', version('staging-churn'))).toEqual([]);
    expect(who('sagemaker:UpdateModelPackage', version('prod-churn', CONSUMER_ACCOUNT))).toEqual([]);
  });

  test('release one if the environment names them as approvers, or if they operate it', () => {
    const parameter = `arn:aws:ssm:eu-west-1:${CONSUMER_ACCOUNT}:parameter/mlops/prod/churn/release`;
    expect(who('ssm:PutParameter', parameter)).toEqual(['Approver', 'Operator']);
  });

  test('start no pipeline, for there is none', () => {
    expect(
      who('sagemaker:StartPipelineExecution', `arn:aws:sagemaker:eu-west-1:${CONSUMER_ACCOUNT}:pipeline/prod-churn`),
    ).toEqual([]);
    expect(Object.keys(templatesOf(prod))).not.toContain('Pipeline-churn');
  });
});

describe('an approval in staging', () => {
  const bus = `arn:aws:events:eu-west-1:${CONSUMER_ACCOUNT}:event-bus/mlops-prod-registry`;
  const forwarder: Caller = { account: REGISTRY_ACCOUNT, arn: `arn:aws:iam::${REGISTRY_ACCOUNT}:role/forwarder` };
  const approval = { 'events:source': 'aws.sagemaker', 'events:detail-type': 'SageMaker Model Package State Change' };
  const policy = busPolicy.map((statement) => ({ ...statement, Resource: bus }));
  const forwarding = policyOf(registry, 'Forwarding');

  test('may be told to prod, and to nobody else', () => {
    expect(policy).toHaveLength(1);
    expect(allows(forwarding, 'events:PutEvents', bus)).toBe(true);
    expect(resourceAllows(policy, forwarder, 'events:PutEvents', bus, approval)).toBe(true);
    expect(allows(forwarding, 'events:PutEvents', bus.replace('mlops-prod-registry', 'default'))).toBe(false);
    expect(allowedActions(forwarding)).toEqual(['events:PutEvents']);
  });

  test.each([
    ['another service', { ...approval, 'events:source': 'aws.s3' }],
    ['anything else', { ...approval, 'events:detail-type': 'SageMaker Endpoint State Change' }],
  ])('is all that is told: not what %s says', (_, context) => {
    expect(resourceAllows(policy, forwarder, 'events:PutEvents', bus, context)).toBe(false);
  });

  test('is told by staging alone', () => {
    for (const each of [...strangers, runs])
      expect(resourceAllows(policy, each, 'events:PutEvents', bus, approval)).toBe(false);
  });

  const event = (model: string, status = 'Approved') => ({
    source: 'aws.sagemaker',
    'detail-type': 'SageMaker Model Package State Change',
    account: REGISTRY_ACCOUNT,
    detail: { ModelPackageGroupName: `staging-${model}`, ModelApprovalStatus: status },
  });

  test.each([
    ['is forwarded', registry, 'Forwarding', true],
    ['is heard on the bus for it', serving, 'PromotionApproved', false],
  ])('%s, if it is of a model that prod has', (_, template, prefix, takesAnyAccount) => {
    const rules = Object.entries(template.findResources('AWS::Events::Rule')).filter(([id]) => id.startsWith(prefix));
    const heard = (each: object) => rules.some(([, { Properties }]) => fits(Properties.EventPattern as object, each));
    expect(rules).toHaveLength(1);
    expect(heard(event('churn'))).toBe(true);
    expect(heard(event('churn', 'Rejected'))).toBe(false);
    expect(heard(event('credit'))).toBe(false);
    expect(heard({ ...event('churn'), account: '999999999999' })).toBe(takesAnyAccount);
    expect(rules[0]?.[1].Properties.EventBusName).toBe(prefix === 'Forwarding' ? undefined : 'mlops-prod-registry');
  });
});

describe('the two accounts', () => {
  test('can be deployed in any order: no policy names a role of the other one, and no template refers to it', () => {
    const templates = [...Object.values(templatesOf(staging)), ...Object.values(templatesOf(prod))];
    const policies = [...bucketPolicy('Models'), ...keyPolicy, ...imagesPolicy, ...groupPolicy('churn'), ...busPolicy];
    const named = policies.flatMap(({ Principal }) =>
      typeof Principal === 'string' ? [] : [Principal['AWS'] ?? []].flat(),
    );
    const others = named.filter((each) => each.includes(CONSUMER_ACCOUNT));
    expect(others.length).toBeGreaterThan(4);
    expect([...new Set(others)]).toEqual([`arn:aws:iam::${CONSUMER_ACCOUNT}:root`]);
    const read = JSON.stringify(Object.values(templatesOf(prod)).map((template) => template.toJSON() as object));
    expect(read).not.toContain('"StackName":"mlops-staging');
    expect(templates.length).toBeGreaterThan(12);
  });

  test('run models as roles that the policies reach', () => {
    serving.hasResourceProperties('AWS::IAM::Role', {
      Path: '/mlops/prod/serving/',
      Description: 'Runs the released model at its endpoint',
    });
  });

  test('have cdk-nag AwsSolutions nothing to say', () => {
    root.synth();
    // What sharing doesn't change is judged in aws-solutions.test.ts.
    const inStaging = ['Security', 'Data', 'Registry', 'Pipeline-churn'].map((id) => staging.node.findChild(id));
    const inProd = ['Network', 'Registry', 'Access', 'Serving-churn'].map((id) => prod.node.findChild(id));
    const changed = inStaging.concat(inProd);
    const found = changed.flatMap((stack) =>
      new AwsSolutionsChecks(stack)
        .validateScope(stack)
        .violations.flatMap(({ ruleName, violatingResources }) =>
          violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
        ),
    );
    expect(found).toEqual([]);
  });
});

describe('prod in the account of staging', () => {
  const same = sharedRegistry(app(), { account: REGISTRY_ACCOUNT });
  const own = policyOf(templateOf(same.prod, 'Serving-churn'), 'ModelExecutionRole');

  test('reads by its own roles, and staging has nothing that lets others in', () => {
    const types = same.staging.node.children
      .filter(Stack.isStack)
      .flatMap((stack) => Object.values(resourcesOf(templateOf(same.staging, stack.node.id))).map(({ Type }) => Type));
    expect(types.filter((type) => /ECR|EventBus|Events/.test(type))).toEqual(
      types.filter((type) => type === 'AWS::Events::Rule'),
    );
    templateOf(same.staging, 'Registry').resourceCountIs('AWS::Events::Rule', 0);
    expect(JSON.stringify(templateOf(same.staging, 'Data').toJSON())).not.toContain('ArtefactsForProd');
    expect(JSON.stringify(templateOf(same.staging, 'Registry').toJSON())).not.toContain('ModelPackageGroupPolicy');
  });

  test('reads the artefacts of its model, by the names that the stacks of staging give', () => {
    expect(Object.keys(templateOf(same.staging, 'Security').findOutputs('DataKeyArn'))).toHaveLength(1);
    expect(allows(own, 's3:GetObject', 'arn:aws:s3:::<ModelsBucketName>/churn/job-1/output/model.tar.gz')).toBe(true);
    expect(allows(own, 's3:GetObject', 'arn:aws:s3:::<RawBucketName>/churn/data.csv')).toBe(false);
    expect(allows(own, 's3:GetObject', 'arn:aws:s3:::<ModelsBucketName>/credit/model.tar.gz')).toBe(false);
    expect(allows(own, 'kms:Decrypt', '<DataKeyArn>')).toBe(true);
  });

  test('has the release role read the stacks that give them', () => {
    const inRole = policyOf(templateOf(same.prod, 'Serving-churn'), 'ReleaseRole');
    const stack = `arn:aws:cloudformation:eu-west-1:${REGISTRY_ACCOUNT}:stack/mlops-staging-data/1`;
    expect(allows(inRole, 'cloudformation:DescribeStacks', stack)).toBe(true);
    expect(allows(release, 'cloudformation:DescribeStacks', stack)).toBe(false);
  });

  test('hears of approvals on the bus that the account has', () => {
    const rules = Object.values(templateOf(same.prod, 'Serving-churn').findResources('AWS::Events::Rule'));
    const [rule] = rules.filter(({ Properties }) => JSON.stringify(Properties).includes('staging-churn'));
    expect(rule?.Properties.EventBusName).toBeUndefined();
    templateOf(same.prod, 'Registry').resourceCountIs('AWS::Events::EventBus', 0);
  });
});

interface Lambda {
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

/** Whether EventBridge takes an event for one of a pattern, as far as ours go: lists of values, and objects of them. */
function fits(pattern: object, event: object): boolean {
  return Object.entries(pattern).every(([name, expected]) => {
    const actual = (event as Record<string, unknown>)[name];
    return Array.isArray(expected) ? expected.includes(actual) : fits(expected as object, actual ?? {});
  });
}
