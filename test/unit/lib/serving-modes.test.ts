import { Match } from 'aws-cdk-lib/assertions';
import { allows, policyOf } from '../constructs/iam-simulation';
import { resourcesOf } from './platform';
import { MODES, servingStage, servingTemplate } from './serving-modes';

const stage = servingStage();
const templates = Object.fromEntries(MODES.map((mode) => [mode, servingTemplate(stage, mode)]));
const template = (mode: (typeof MODES)[number]) => servingTemplate(stage, mode);

const ENDPOINT = 'AWS::SageMaker::Endpoint';
const CONFIG = 'AWS::SageMaker::EndpointConfig';
const MODEL = 'AWS::SageMaker::Model';

describe.each(MODES)('the serving stack of mode %s', (mode) => {
  const made = templates[mode];
  if (!made) throw new Error(`no template of ${mode}`);
  const resources = resourcesOf(made);
  const ofSageMaker = Object.entries(resources).filter(([, { Type }]) => Type.startsWith('AWS::SageMaker::'));

  test('reads its release from the model’s parameter, and has a model of it only while there is one', () => {
    made.hasParameter('ReleasedModelPackage', {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: `/mlops/test/${mode}/release`,
    });
    made.hasResourceProperties(MODEL, { PrimaryContainer: { ModelPackageName: { Ref: 'ReleasedModelPackage' } } });
    expect(ofSageMaker.length).toBeGreaterThan(0);
    for (const [id] of ofSageMaker) expect(made.toJSON().Resources[id]).toHaveProperty('Condition');
  });

  test('names nothing of SageMaker but what callers know', () => {
    const named = ofSageMaker.flatMap(([, { Type, Properties = {} }]) =>
      Object.entries(Properties)
        .filter(([key]) => /^(EndpointName|EndpointConfigName|ModelName|InferenceComponentName|Name)$/.test(key))
        .filter(([, value]) => typeof value === 'string')
        .map(([key, value]) => `${Type} ${key} ${String(value)}`),
    );
    for (const each of named) expect(each).toMatch(new RegExp(` test-${mode}(-shadow)?$`));
  });

  test('has its alarms whether or not anything is released, and the endpoint waits for them', () => {
    const alarms = Object.keys(made.findResources('AWS::CloudWatch::Alarm')).filter((id) =>
      id.startsWith('RollbackAlarms'),
    );
    for (const id of alarms) expect(made.toJSON().Resources[id]).not.toHaveProperty('Condition');
    for (const endpoint of Object.values(made.findResources(ENDPOINT))) {
      expect(alarms.length).toBeGreaterThanOrEqual(2);
      expect(endpoint['DependsOn']).toEqual(expect.arrayContaining(alarms));
    }
  });

  test('lets a release hand over the role of its models, to SageMaker, and no other', () => {
    const statements = policyOf(made, 'ReleaseRole');
    const context = { 'iam:PassedToService': 'sagemaker.amazonaws.com' };
    const [role] = Object.keys(made.findResources('AWS::IAM::Role')).filter((id) => id.includes('ExecutionRole'));
    expect(allows(statements, 'iam:PassRole', `<${role}>`, context)).toBe(true);
    expect(allows(statements, 'iam:PassRole', 'arn:aws:iam::123456789012:role/Admin', context)).toBe(false);
  });
});

describe('a serverless model', () => {
  test('has neither VPC nor network isolation nor capture nor guardrails', () => {
    template('serverless').hasResourceProperties(MODEL, { VpcConfig: Match.absent(), EnableNetworkIsolation: false });
    template('serverless').hasResourceProperties(CONFIG, {
      DataCaptureConfig: Match.absent(),
      KmsKeyId: Match.absent(),
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          ModelName: Match.anyValue(),
          InitialVariantWeight: 1,
          ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 20, ProvisionedConcurrency: 1 },
        },
      ],
    });
    template('serverless').hasResourceProperties(ENDPOINT, {
      DeploymentConfig: Match.absent(),
      RetainAllVariantProperties: Match.absent(),
    });
  });

  test('runs in a role that may neither join the network nor write captures', () => {
    const statements = policyOf(template('serverless'), 'ModelExecutionRole');
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith('ec2:') || action === 's3:PutObject')).toEqual([]);
    expect(actions).toContain('s3:GetObject');
  });

  test('keeps nothing warm unless told so', () => {
    const quiet = servingTemplate(
      servingStage(undefined, { serverless: { serving: { mode: 'serverless' } } }),
      'serverless',
    );
    quiet.hasResourceProperties(CONFIG, {
      ProductionVariants: [{ ServerlessConfig: { ProvisionedConcurrency: Match.absent() } }],
    });
  });

  test('is refused with any other rollout than the one without guardrails', () => {
    expect(() => servingStage(undefined, { serverless: { rollout: { kind: 'canary' } } })).toThrow(
      'test/Serving-serverless/Endpoint.rollout: must be allAtOnce for serverless, got canary',
    );
  });
});

describe('an asynchronous model', () => {
  const made = template('asynchronous');
  const statements = policyOf(made, 'ModelExecutionRole');

  test('puts encrypted answers and failures below its own prefix, and tells a topic of each', () => {
    made.hasResourceProperties(CONFIG, {
      DataCaptureConfig: Match.absent(),
      AsyncInferenceConfig: {
        ClientConfig: { MaxConcurrentInvocationsPerInstance: 4 },
        OutputConfig: {
          S3OutputPath: Match.objectLike({}),
          S3FailurePath: Match.objectLike({}),
          KmsKeyId: Match.anyValue(),
          NotificationConfig: {
            SuccessTopic: { Ref: Match.stringLikeRegexp('^SuccessTopic') },
            ErrorTopic: { Ref: Match.stringLikeRegexp('^ErrorTopic') },
          },
        },
      },
    });
    expect(JSON.stringify(made.toJSON())).toContain('/asynchronous/asynchronous/output');
  });

  test('has topics that are encrypted, and a role that may publish to these two', () => {
    made.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    const topics = Object.keys(made.findResources('AWS::SNS::Topic'));
    const may = topics.filter((id) => allows(statements, 'sns:Publish', `<${id}>`));
    expect(may.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(['ErrorTopic', 'SuccessTopic']);
  });

  test('runs in a role that reads and writes requests and answers of its own', () => {
    const objects = (prefix: string) =>
      statements.flatMap(({ Resource }) => Resource).some((arn) => arn.endsWith(prefix));
    expect(objects('/asynchronous/asynchronous/*')).toBe(true);
    expect(objects('/asynchronous/*')).toBe(true);
    expect(statements.flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['s3:PutObject', 's3:GetObject']),
    );
  });

  test('is updated under guardrails, which it keeps what autoscaling set through', () => {
    made.hasResourceProperties(ENDPOINT, {
      DeploymentConfig: { BlueGreenUpdatePolicy: Match.anyValue(), AutoRollbackConfiguration: Match.anyValue() },
      RetainAllVariantProperties: true,
    });
  });
});
