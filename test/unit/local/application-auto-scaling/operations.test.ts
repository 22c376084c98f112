import * as schemas from '@aws-sdk/client-application-auto-scaling';
import { Template } from 'aws-cdk-lib/assertions';
import type { AutoscalingKind } from '../../../../config/autoscaling';
import type { JsonObject } from '../../../../core/json';
import { applicationAutoScalingOperations } from '../../../../local/application-auto-scaling/operations';
import { Dispatcher } from '../../../../local/sagemaker/api/dispatcher';
import { ServiceModel } from '../../../../local/sagemaker/api/service-model';
import type { Context } from '../../../../local/sagemaker/context';
import { Store } from '../../../../local/sagemaker/store';
import { SMALLEST, scaled } from '../../constructs/serving/every-scaling';
import { temporaryFolder } from './temporary-folder';

const MODEL = new ServiceModel('Application Auto Scaling', 'AnyScaleFrontendService', schemas);
const folder = temporaryFolder();

/** The local service beside a SageMaker that knows one endpoint, of one variant. */
function service(config: JsonObject = {}, variant: JsonObject = {}) {
  const context = {
    account: '000000000000',
    region: 'us-east-1',
    store: new Store(folder()),
    now: () => new Date('2026-01-01T00:00:00.000Z'),
  } as Context;
  const answers: Readonly<Record<string, JsonObject>> = {
    DescribeEndpoint: { EndpointConfigName: 'config', ProductionVariants: [{ VariantName: 'AllTraffic' }] },
    DescribeEndpointConfig: { ProductionVariants: [{ VariantName: 'AllTraffic', ...variant }], ...config },
    DescribeInferenceComponent: {},
  };
  const operations = applicationAutoScalingOperations(context, (action) => Promise.resolve(answers[action] ?? {}));
  const dispatcher = new Dispatcher(
    MODEL,
    () => operations,
    () => undefined,
  );
  return (action: string, input: JsonObject) => dispatcher.answer(action, input);
}

const SERVERLESS = { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5, ProvisionedConcurrency: 1 } };
const ASYNC = { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://out' } } };

function target(overrides: JsonObject = {}): JsonObject {
  return {
    ServiceNamespace: 'sagemaker',
    ResourceId: 'endpoint/dev-churn/variant/AllTraffic',
    ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    ...overrides,
  };
}
const bounds = { MinCapacity: 1, MaxCapacity: 4 };
const action = (overrides: JsonObject = {}) =>
  target({
    ScheduledActionName: 'morning',
    Schedule: 'cron(0 7 ? * MON-FRI *)',
    ScalableTargetAction: { MinCapacity: 2 },
    ...overrides,
  });

describe('the local Application Auto Scaling', () => {
  test.each(Object.keys(SMALLEST) as AutoscalingKind[])(
    'takes what the constructs make of the kind %s',
    async (kind) => {
      const ask = service(kind === 'backlog' ? ASYNC : {}, kind === 'provisionedConcurrency' ? SERVERLESS : {});
      const template = Template.fromStack(
        scaled(kind, {
          scheduledActions: { night: { schedule: 'cron(0 22 * * ? *)', timeZone: 'Europe/Berlin', min: 2, max: 3 } },
        }),
      );
      const [made = {}] = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalableTarget'));
      const { ScheduledActions, ...properties } = made['Properties'] as JsonObject;
      const { ServiceNamespace, ResourceId, ScalableDimension } = properties;
      const dimension = { ServiceNamespace, ResourceId, ScalableDimension } as JsonObject;
      await ask('RegisterScalableTarget', properties);
      for (const scheduled of ScheduledActions as JsonObject[])
        await ask('PutScheduledAction', { ...dimension, ...scheduled });
      const policies = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy'));
      for (const policy of policies) {
        const { ScalingTargetId, ...rest } = policy.Properties as JsonObject;
        expect(ScalingTargetId).toBeDefined();
        await ask('PutScalingPolicy', { ...dimension, ...rest });
      }
      const described = await ask('DescribeScalingPolicies', { ServiceNamespace: 'sagemaker' });
      expect(described.ScalingPolicies).toHaveLength(policies.length);
      const { ScheduledActions: kept } = await ask('DescribeScheduledActions', { ServiceNamespace: 'sagemaker' });
      expect(kept).toMatchObject([
        {
          ScheduledActionName: 'night',
          Timezone: 'Europe/Berlin',
          ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 3 },
        },
      ]);
    },
  );

  test('forgets the policies and scheduled actions of a target that goes', async () => {
    const ask = service();
    await ask('RegisterScalableTarget', target(bounds));
    await ask('PutScheduledAction', action());
    await ask('DeregisterScalableTarget', target());
    expect(await ask('DescribeScheduledActions', { ServiceNamespace: 'sagemaker' })).toMatchObject({
      ScheduledActions: [],
    });
  });

  test('changes a scheduled action in part, keeps its ARN, and deletes it once', async () => {
    const ask = service();
    await ask('RegisterScalableTarget', target(bounds));
    await ask('PutScheduledAction', action());
    const described = async () =>
      ((await ask('DescribeScheduledActions', { ServiceNamespace: 'sagemaker' })).ScheduledActions as JsonObject[])[0];
    const before = await described();
    await ask('PutScheduledAction', target({ ScheduledActionName: 'morning', Schedule: 'rate(1 day)' }));
    expect(await described()).toMatchObject({
      ScheduledActionARN: before?.ScheduledActionARN,
      Schedule: 'rate(1 day)',
      ScalableTargetAction: { MinCapacity: 2 },
    });
    const gone = target({ ScheduledActionName: 'morning' });
    await ask('DeleteScheduledAction', gone);
    await expect(ask('DeleteScheduledAction', gone)).rejects.toMatchObject({ code: 'ObjectNotFoundException' });
  });

  test.each<[string, JsonObject, string]>([
    ['no schedule', { Schedule: null }, 'Schedule: must read cron(…), rate(…) or at(…), got nothing'],
    ['another form', { Schedule: 'daily' }, 'got daily'],
    ['no bounds', { ScalableTargetAction: {} }, 'needs MinCapacity or MaxCapacity, got neither'],
    ['swapped bounds', { ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 2 } }, 'got 2 and 3'],
  ])('refuses a scheduled action of %s', async (_, overrides, message) => {
    const ask = service();
    await ask('RegisterScalableTarget', target(bounds));
    await expect(ask('PutScheduledAction', action(overrides))).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('refuses a scheduled action of a target that nobody registered', async () => {
    await expect(service()('PutScheduledAction', action())).rejects.toMatchObject({ code: 'ObjectNotFoundException' });
  });

  const concurrency = { ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency' };
  test.each<[string, JsonObject, JsonObject, JsonObject, string]>([
    [
      'a real-time endpoint of no instances',
      {},
      {},
      { MinCapacity: 0 },
      'MinCapacity: must be a whole number from 1, got 0',
    ],
    ['a negative number', ASYNC, {}, { MinCapacity: -1 }, 'MinCapacity: must be a whole number from 0, got -1'],
    ['instances of a serverless endpoint', {}, SERVERLESS, {}, 'is serverless: it has no instances to scale'],
    ['concurrency that is not there', {}, {}, concurrency, 'has no provisioned concurrency to scale'],
    ['another dimension', {}, {}, { ScalableDimension: 'ecs:service:DesiredCount' }, 'only knows sagemaker:variant'],
    ['another resource', {}, {}, { ResourceId: 'inference-component/x' }, 'write endpoint/NAME/variant/NAME'],
  ])('refuses %s', async (_, config, variant, overrides, message) => {
    await expect(
      service(config, variant)('RegisterScalableTarget', target({ ...bounds, ...overrides })),
    ).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
  });

  test('lets an asynchronous endpoint have no instances', async () => {
    await expect(
      service(ASYNC)('RegisterScalableTarget', target({ ...bounds, MinCapacity: 0 })),
    ).resolves.toBeDefined();
  });

  const step = (...StepAdjustments: JsonObject[]) => ({ AdjustmentType: 'ChangeInCapacity', StepAdjustments });
  const bound = (lower: number | null, upper: number | null): JsonObject => ({
    ...(lower !== null && { MetricIntervalLowerBound: lower }),
    ...(upper !== null && { MetricIntervalUpperBound: upper }),
    ScalingAdjustment: 1,
  });
  test.each<[string, JsonObject, string]>([
    ['no steps', step(), 'At least one StepAdjustment'],
    ['a gap', step(bound(0, 10), bound(20, null)), 'a gap between 10 and 20'],
    ['an overlap', step(bound(0, 15), bound(10, null)), 'an overlap between 15 and 10'],
    ['a step without bounds', step(bound(null, null)), 'can not both be absent'],
    ['a step backwards', step(bound(10, 0)), 'must be above its lower bound'],
    ['no way down', step(bound(-10, 0)), 'without a lower bound'],
    ['no way up', step(bound(0, 10)), 'without an upper bound'],
  ])('refuses a step policy of %s', async (_, StepScalingPolicyConfiguration, message) => {
    const ask = service();
    await ask('RegisterScalableTarget', target(bounds));
    const policy = target({ PolicyName: 'steps', PolicyType: 'StepScaling', StepScalingPolicyConfiguration });
    await expect(ask('PutScalingPolicy', policy)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  test('refuses to track a metric of another dimension', async () => {
    const ask = service();
    await ask('RegisterScalableTarget', target(bounds));
    const tracking = {
      TargetValue: 1,
      PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerInferenceComponentInvocationsPerCopy' },
    };
    const policy = target({
      PolicyName: 'tracking',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: tracking,
    });
    await expect(ask('PutScalingPolicy', policy)).rejects.toMatchObject({
      message: expect.stringContaining("doesn't go with sagemaker:variant:DesiredInstanceCount"),
    });
  });
});
