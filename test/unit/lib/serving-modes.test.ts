import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { TAKEN_VARIANTS } from '../../../config/further-releases';
import type { ModelInput } from '../../../config/model-spec';
import { allows, policyOf } from '../constructs/iam-simulation';
import { app } from '../constructs/smallest';
import { resourcesOf } from './platform';
import { MODES, type Served, servingStage, servingTemplate } from './serving-modes';

const stage = servingStage(app());
/** The stack of one mode, with another config. */
const changed = (mode: Served, overrides: Partial<ModelInput>) =>
  servingTemplate(servingStage(app(), { [mode]: overrides }, [mode]), mode);
const templates = Object.fromEntries(MODES.map((mode) => [mode, servingTemplate(stage, mode)]));
const template = (mode: (typeof MODES)[number]) => servingTemplate(stage, mode);

const ENDPOINT = 'AWS::SageMaker::Endpoint';
const CONFIG = 'AWS::SageMaker::EndpointConfig';
const MODEL = 'AWS::SageMaker::Model';

test('no id of a serving stack begins as those of a challenger do, but for the one that no challenger may have', () => {
  const own = new Set(
    MODES.flatMap((mode) => stage.node.findChild(`Serving-${mode}`).node.children.map(({ node }) => node.id)),
  );
  const beginnings = ['Model', 'Has', 'RollbackAlarms', 'Scaling', 'ReleasedModelPackage'];
  const variants = ['Challenger', 'Larger', 'Shadow'];
  const rests = [...own].flatMap((id) =>
    beginnings.filter((part) => id.startsWith(part)).map((part) => id.slice(part.length)),
  );
  expect(new Set(rests.filter((rest) => rest !== ''))).toEqual(new Set([...variants, ...TAKEN_VARIANTS]));
});

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
    made.hasResource(MODEL, {
      Condition: 'HasModel',
      Properties: { PrimaryContainer: { ModelPackageName: { Ref: 'ReleasedModelPackage' } } },
    });
    expect(ofSageMaker.length).toBeGreaterThan(0);
    for (const [id] of ofSageMaker) expect(made.toJSON().Resources[id]).toHaveProperty('Condition');
  });

  test('leaves what a release replaces, for an endpoint may go back to it without a word; a stack that goes takes it along', () => {
    const policies = ofSageMaker
      .map(([, resource]) => resource as { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string })
      .filter(({ Type }) => Type === MODEL || Type === CONFIG)
      .map(({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy].join());
    expect([...new Set(policies)]).toEqual([mode === 'batch' ? ',' : 'Delete,Retain']);
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
    expect(alarms.length).toBeGreaterThanOrEqual(mode === 'batch' ? 0 : 2);
    for (const endpoint of Object.values(made.findResources(ENDPOINT))) {
      expect(endpoint['DependsOn']).toEqual(expect.arrayContaining(alarms));
    }
  });

  test('lets SageMaker ask for the alarms of an update in the role of its models, where there are any', () => {
    const watched = ofSageMaker.some(([, { Properties }]) => JSON.stringify(Properties).includes('AutoRollback'));
    expect(allows(policyOf(made, 'ModelExecutionRole'), 'cloudwatch:DescribeAlarms', '*')).toBe(watched);
    expect(watched).toBe(mode !== 'serverless' && mode !== 'batch');
  });

  test('has no alarm that can’t tell whom it is to tell', () => {
    const topics = Object.keys(made.findResources('AWS::SNS::Topic'));
    const told = Object.values(made.findResources('AWS::CloudWatch::Alarm'))
      .flatMap(({ Properties }) => (Properties.AlarmActions ?? []) as { Ref: string }[])
      .map(({ Ref }) => Ref)
      .filter((id) => topics.includes(id));
    expect(told.length).toBeGreaterThan(0);
    for (const id of new Set(told)) {
      made.hasResourceProperties('AWS::SNS::TopicPolicy', {
        Topics: [{ Ref: id }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Allow',
              Action: 'sns:Publish',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
            }),
          ]),
        },
      });
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

test.each(MODES)('an approval is enough for the mode %s, unless somebody has to say which variant', (mode) => {
  const rules = Object.values(template(mode).findResources('AWS::Events::Rule')).map((rule) => JSON.stringify(rule));
  const promotes = rules.some((rule) => rule.includes('SageMaker Model Package State Change'));
  expect(promotes).toBe(mode !== 'multi-variant' && mode !== 'shadow');
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
    const quiet = changed('serverless', { serving: { mode: 'serverless' } });
    quiet.hasResourceProperties(CONFIG, {
      ProductionVariants: [{ ServerlessConfig: { ProvisionedConcurrency: Match.absent() } }],
    });
  });

  test('is refused with any other rollout than the one without guardrails', () => {
    expect(() => changed('serverless', { rollout: { kind: 'canary' } })).toThrow(
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

  test('is judged by metrics that asynchronous endpoints publish: Invocations is none of them', () => {
    const alarms = JSON.stringify(made.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toContain('"Stat":"SampleCount"');
    expect(alarms).not.toContain('"MetricName":"Invocations"');
  });

  test('lets a release make the alarm that brings the first instance back, and no guard’s', () => {
    const release = policyOf(made, 'ReleaseRole');
    const may = (name: string) =>
      allows(release, 'cloudwatch:PutMetricAlarm', `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`);
    const stackName = 'mlops-test-serving-asynchronous';
    expect([`${stackName}-ScalingFromZeroAlarm-1`, `${stackName}-RollbackAlarms-1`].map(may)).toEqual([true, false]);
    const scaling = Object.keys(made.findResources('AWS::CloudWatch::Alarm')).filter((id) => id.startsWith('Scaling'));
    expect(scaling).toHaveLength(1);
  });

  test('is updated under guardrails, which it keeps what autoscaling set through', () => {
    made.hasResourceProperties(ENDPOINT, {
      DeploymentConfig: { BlueGreenUpdatePolicy: Match.anyValue(), AutoRollbackConfiguration: Match.anyValue() },
      RetainAllVariantProperties: true,
    });
  });
});

describe('a model in batches', () => {
  test('has a Model that transform jobs find by an output of the stack, and nothing that runs', () => {
    const made = template('batch');
    made.hasOutput('ServedModelName', {
      Condition: 'HasModel',
      Value: { 'Fn::GetAtt': [Match.anyValue(), 'ModelName'] },
    });
    for (const type of [ENDPOINT, CONFIG]) made.resourceCountIs(type, 0);
    made.hasResourceProperties(MODEL, { EnableNetworkIsolation: true, VpcConfig: Match.anyValue() });
  });

  test('is refused with a rollout that shifts traffic, for it has none', () => {
    expect(() => changed('batch', { rollout: { kind: 'canary' } })).toThrow(
      'test/Serving-batch.serving.rollout: must be allAtOnce for batch, got canary; use the rollout allAtOnce',
    );
  });

  test('runs in a role that writes the logs of transform jobs', () => {
    const statements = policyOf(template('batch'), 'ModelExecutionRole');
    const log = (group: string) => `arn:aws:logs:eu-west-1:123456789012:log-group:${group}`;
    expect(allows(statements, 'logs:PutLogEvents', log('/aws/sagemaker/TransformJobs'))).toBe(true);
    expect(allows(statements, 'logs:PutLogEvents', log('/aws/sagemaker/Endpoints/test-batch'))).toBe(false);
  });
});

describe('a model with challengers', () => {
  const made = template('multi-variant');

  test('shares the traffic by weight, the live version first', () => {
    const variant = (VariantName: string, InitialVariantWeight: number, InstanceType = 'ml.m5.large') =>
      Match.objectLike({ VariantName, InitialVariantWeight, InstanceType, InitialInstanceCount: 2 });
    made.hasResourceProperties(CONFIG, {
      ProductionVariants: [variant('AllTraffic', 9), variant('challenger', 1), variant('larger', 0, 'ml.m5.xlarge')],
      DataCaptureConfig: Match.anyValue(),
    });
  });

  test('gives each challenger a release parameter of its own, and the live version while that says none', () => {
    made.hasParameter('ReleasedModelPackageChallenger', {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/mlops/test/multi-variant/variants/challenger/release',
    });
    made.hasResource(MODEL, {
      Condition: 'HasModel',
      Properties: {
        PrimaryContainer: {
          ModelPackageName: {
            'Fn::If': ['HasChallenger', { Ref: 'ReleasedModelPackageChallenger' }, { Ref: 'ReleasedModelPackage' }],
          },
        },
      },
    });
    made.hasCondition('HasChallenger', {
      'Fn::And': [
        { Condition: 'HasModel' },
        { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ReleasedModelPackageChallenger' }, 'none'] }] },
      ],
    });
  });

  test('has these parameters in the registry, which a deployment can’t change', () => {
    const registry = Template.fromStack(stage.node.findChild('Registry') as Stack);
    for (const variant of [
      'multi-variant/variants/challenger',
      'multi-variant/variants/larger',
      'shadow/variants/shadow',
    ]) {
      registry.hasResourceProperties('AWS::SSM::Parameter', {
        Name: `/mlops/test/${variant}/release`,
        Value: 'none',
        Tags: Match.absent(),
      });
    }
  });

  test('watches and scales each variant by its own metrics', () => {
    const alarms = JSON.stringify(made.findResources('AWS::CloudWatch::Alarm'));
    const targets = Object.values(made.findResources('AWS::ApplicationAutoScaling::ScalableTarget')).map(
      ({ Properties }) => (Properties as { ResourceId: string }).ResourceId,
    );
    for (const variant of ['AllTraffic', 'challenger', 'larger']) {
      expect(alarms).toContain(`{"Name":"VariantName","Value":"${variant}"}`);
      expect(targets).toContain(`endpoint/test-multi-variant/variant/${variant}`);
    }
    made.hasResourceProperties(ENDPOINT, {
      DeploymentConfig: { AutoRollbackConfiguration: { Alarms: Array.from({ length: 6 }, () => Match.anyValue()) } },
    });
  });

  test('runs all its versions in one role', () => {
    const roles = Object.values(made.findResources(MODEL)).map(({ Properties }) =>
      JSON.stringify((Properties as { ExecutionRoleArn: unknown }).ExecutionRoleArn),
    );
    expect(roles).toHaveLength(3);
    expect(new Set(roles).size).toBe(1);
  });

  test('takes the split from the config, whatever was set by hand', () => {
    made.hasResourceProperties(ENDPOINT, {
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [
        { VariantPropertyType: 'DataCaptureConfig' },
        { VariantPropertyType: 'DesiredWeight' },
      ],
    });
  });

  test.each(['ReleaseRole', 'PromotionReviewStack'])('lets %s read what its stack reads', (role) => {
    const statements = policyOf(made, role);
    const parameter = (name: string) => `arn:aws:ssm:eu-west-1:123456789012:parameter/mlops/test/${name}/release`;
    const may = (name: string) => allows(statements, 'ssm:GetParameters', parameter(name));
    expect(['multi-variant', 'multi-variant/variants/challenger', 'realtime'].map(may)).toEqual([true, true, false]);
  });
});

describe('a model with a shadow', () => {
  const made = template('shadow');
  const during = {
    mode: 'shadow',
    experiment: { startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-03-08T00:00:00Z' },
  } as const;

  test('copies a share of the requests to a candidate, while one is named', () => {
    made.hasResourceProperties(CONFIG, {
      ProductionVariants: [Match.objectLike({ VariantName: 'AllTraffic', InitialVariantWeight: 1 })],
      ShadowProductionVariants: {
        'Fn::If': [
          'HasShadow',
          [
            {
              VariantName: 'shadow',
              ModelName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ModelShadow'), 'ModelName'] },
              InstanceType: 'ml.m5.large',
              InitialInstanceCount: 1,
              InitialVariantWeight: 0.25,
              ContainerStartupHealthCheckTimeoutInSeconds: 240,
            },
          ],
          { Ref: 'AWS::NoValue' },
        ],
      },
    });
    made.hasResource(MODEL, {
      Condition: 'HasShadow',
      Properties: { PrimaryContainer: { ModelPackageName: { Ref: 'ReleasedModelPackageShadow' } } },
    });
    made.resourceCountIs('AWS::SageMaker::InferenceExperiment', 0);
  });

  test('leaves the shadow to an experiment where one is asked for, in a role of its own', () => {
    const tested = changed('shadow', { serving: during });
    tested.hasResourceProperties(CONFIG, { ShadowProductionVariants: Match.absent() });
    tested.hasResource('AWS::SageMaker::InferenceExperiment', {
      Condition: 'HasShadow',
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Endpoint')]),
      Properties: {
        Name: 'test-shadow-shadow',
        Type: 'ShadowMode',
        EndpointName: 'test-shadow',
        Schedule: { StartTime: during.experiment.startsAt, EndTime: during.experiment.endsAt },
        ShadowModeConfig: {
          SourceModelVariantName: 'AllTraffic',
          ShadowModelVariants: [{ ShadowModelVariantName: 'shadow', SamplingPercentage: 100 }],
        },
      },
    });
    const statements = policyOf(tested, 'ReleaseRole');
    const experiment = (name: string) => `arn:aws:sagemaker:eu-west-1:123456789012:inference-experiment/${name}`;
    const may = (name: string) => allows(statements, 'sagemaker:CreateInferenceExperiment', experiment(name));
    expect(['test-shadow-shadow', 'other'].map(may)).toEqual([true, false]);
    const [role] = Object.keys(tested.findResources('AWS::IAM::Role')).filter((id) => id.startsWith('Experiment'));
    const context = { 'iam:PassedToService': 'sagemaker.amazonaws.com' };
    expect(allows(statements, 'iam:PassRole', `<${role}>`, context)).toBe(true);
  });

  test('is refused with an experiment that is too long', () => {
    const long = { ...during, experiment: { ...during.experiment, endsAt: '2026-04-01T00:00:00Z' } };
    expect(() => changed('shadow', { serving: long })).toThrow(
      'test/Serving-shadow/Endpoint.experiment.endsAt: must be at most 30 days after startsAt, got 31',
    );
  });
});

describe('a model of copies', () => {
  const made = template('inference-component');

  test('has an endpoint of instances alone, which SageMaker adds to as copies need them', () => {
    made.hasResourceProperties(CONFIG, {
      ExecutionRoleArn: Match.anyValue(),
      VpcConfig: Match.anyValue(),
      EnableNetworkIsolation: true,
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          ModelName: Match.absent(),
          InitialVariantWeight: Match.absent(),
          InstanceType: 'ml.m5.large',
          ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 2, MaxInstanceCount: 2 },
        },
      ],
    });
    made.hasResourceProperties(ENDPOINT, { DeploymentConfig: Match.absent(), RetainAllVariantProperties: true });
  });

  test('runs the release as copies, which are replaced batch by batch under the alarms', () => {
    made.hasResource('AWS::SageMaker::InferenceComponent', {
      Condition: 'HasModel',
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Endpoint')]),
      Properties: {
        InferenceComponentName: 'test-inference-component',
        EndpointName: 'test-inference-component',
        VariantName: 'AllTraffic',
        RuntimeConfig: { CopyCount: 2 },
        Specification: {
          ModelName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Model'), 'ModelName'] },
          ComputeResourceRequirements: {
            NumberOfCpuCoresRequired: 1,
            MinMemoryRequiredInMb: 1024,
            NumberOfAcceleratorDevicesRequired: Match.absent(),
          },
          StartupParameters: { ContainerStartupHealthCheckTimeoutInSeconds: 240 },
        },
        DeploymentConfig: {
          RollingUpdatePolicy: {
            MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 },
            WaitIntervalInSeconds: 300,
          },
          AutoRollbackConfiguration: { Alarms: [Match.anyValue(), Match.anyValue()] },
        },
      },
    });
  });

  test('is replaced at once and unwatched where the rollout says so, and takes accelerators', () => {
    const other = changed('inference-component', {
      serving: { mode: 'inference-component', cpuCores: 4, memoryMb: 2048, accelerators: 1 },
      rollout: { kind: 'allAtOnce' },
    });
    other.hasResourceProperties('AWS::SageMaker::InferenceComponent', {
      DeploymentConfig: Match.absent(),
      RuntimeConfig: { CopyCount: 1 },
      Specification: { ComputeResourceRequirements: { NumberOfAcceleratorDevicesRequired: 1 } },
    });
  });

  test('names no alarms where every guard is off, for SageMaker takes no empty list', () => {
    const guards = { errorRatePercent: null, p99LatencyMs: null };
    const unguarded = changed('inference-component', { rollout: { kind: 'linear', stepPercent: 50, guards } });
    unguarded.hasResourceProperties('AWS::SageMaker::InferenceComponent', {
      DeploymentConfig: { RollingUpdatePolicy: Match.anyValue(), AutoRollbackConfiguration: Match.absent() },
    });
  });

  test('counts requests by the component, and scales its copies where the model says so', () => {
    expect(JSON.stringify(made.findResources('AWS::CloudWatch::Alarm'))).toContain(
      '"Dimensions":[{"Name":"InferenceComponentName","Value":"test-inference-component"}]',
    );
    made.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    const scaled = changed('inference-component', { autoscaling: { kind: 'copies', perCopy: 4, min: 2, max: 6 } });
    scaled.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: 'inference-component/test-inference-component',
      MinCapacity: 2,
      MaxCapacity: 6,
    });
    const tracking = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:TargetTracking-inference-component';
    const may = (name: string) => allows(policyOf(scaled, 'ReleaseRole'), 'cloudwatch:PutMetricAlarm', name);
    expect([`${tracking}/test-inference-component-High`, `${tracking}/other-High`].map(may)).toEqual([true, false]);
  });

  test('lets a release make the component, and no other model’s', () => {
    const statements = policyOf(made, 'ReleaseRole');
    const may = (action: string, resource: string) =>
      ['test-inference-component', 'test-other'].map((name) =>
        allows(statements, `sagemaker:${action}`, `arn:aws:sagemaker:eu-west-1:123456789012:${resource}/${name}`),
      );
    expect(may('UpdateInferenceComponent', 'inference-component')).toEqual([true, false]);
    expect(may('CreateInferenceComponent', 'inference-component')).toEqual([true, false]);
    // It is authorised on both.
    expect(may('CreateInferenceComponent', 'endpoint')).toEqual([true, false]);
  });
});
