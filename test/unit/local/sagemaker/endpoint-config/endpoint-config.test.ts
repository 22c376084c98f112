import {
  CreateEndpointConfigCommand,
  type CreateEndpointConfigCommandInput,
  CreateModelCommand,
  type DataCaptureConfig,
  DeleteEndpointConfigCommand,
  DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand,
  type ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import { LocalSageMaker, ROLE } from '../local-sagemaker';

let local: LocalSageMaker;
beforeEach(async () => {
  local = await LocalSageMaker.start();
  const input = { ModelName: 'flights', PrimaryContainer: { Image: 'image:1' }, ExecutionRoleArn: ROLE };
  await local.client.send(new CreateModelCommand(input));
});
afterEach(async () => {
  await local.remove();
});

const VARIANT = {
  VariantName: 'AllTraffic',
  ModelName: 'flights',
  InstanceType: 'ml.m5.large',
  InitialInstanceCount: 1,
} as const satisfies ProductionVariant;

const CAPTURE = {
  InitialSamplingPercentage: 100,
  DestinationS3Uri: 's3://capture/here',
  CaptureOptions: [{ CaptureMode: 'Input' }],
} as const satisfies DataCaptureConfig;

const create = (input: Partial<CreateEndpointConfigCommandInput> = {}) =>
  local.client.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: 'first', ProductionVariants: [VARIANT], ...input }),
  );

const createWith = (variant: Partial<ProductionVariant>) =>
  create({ ProductionVariants: [{ ...VARIANT, ...variant }] });

const describeConfig = (EndpointConfigName: string) =>
  local.client.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));

describe('an EndpointConfig', () => {
  test('is described with what it was created with, and the documented weight', async () => {
    expect(await create()).toMatchObject({ EndpointConfigArn: local.arn('endpoint-config/first') });
    expect(await describeConfig('first')).toMatchObject({
      EndpointConfigName: 'first',
      EndpointConfigArn: local.arn('endpoint-config/first'),
      ProductionVariants: [{ ...VARIANT, InitialVariantWeight: 1 }],
      CreationTime: local.time,
    });
  });

  test('keeps a weight of 0: a variant may wait in the dark', async () => {
    await createWith({ InitialVariantWeight: 0 });
    expect((await describeConfig('first')).ProductionVariants).toMatchObject([{ InitialVariantWeight: 0 }]);
  });

  test('is refused a second time', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Cannot create already existing endpoint configuration "${local.arn('endpoint-config/first')}".`,
    });
  });

  test('that does not exist is told by its ARN', async () => {
    const message = `Could not find endpoint configuration "${local.arn('endpoint-config/none')}".`;
    await expect(describeConfig('none')).rejects.toMatchObject({ name: 'ValidationException', message });
    await expect(
      local.client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'none' })),
    ).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  test('is gone once it is deleted', async () => {
    await create();
    await create({ EndpointConfigName: 'second' });
    await local.client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'first' }));
    const { EndpointConfigs } = await local.client.send(new ListEndpointConfigsCommand({}));
    expect(EndpointConfigs?.map(({ EndpointConfigName }) => EndpointConfigName)).toEqual(['second']);
  });

  test('names only models that exist', async () => {
    await expect(createWith({ ModelName: 'none' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Could not find model "${local.arn('model/none')}".`,
    });
  });

  test.each([
    [{ ModelName: undefined }, 'ModelName is missing; give one'],
    [{ InstanceType: undefined }, 'InstanceType is missing'],
    [{ InitialInstanceCount: undefined }, 'InitialInstanceCount is missing'],
    [{ InitialInstanceCount: 0 }, 'must have value greater than or equal to 1'],
    [{ InitialInstanceCount: -1 }, "Value '-1' at 'productionVariants.1.member.initialInstanceCount'"],
    [{ InitialInstanceCount: 1.5 }, 'must be a whole number'],
    [{ InitialVariantWeight: -0.1 }, "Value '-0.1' at 'productionVariants.1.member.initialVariantWeight'"],
  ] as const)('refuses a variant with %j', async (variant, message) => {
    await expect(createWith(variant as Partial<ProductionVariant>)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('refuses two variants of one name, none at all, and more than 10', async () => {
    const variants = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...VARIANT, VariantName: `variant-${index}` }));
    await expect(create({ ProductionVariants: [VARIANT, VARIANT] })).rejects.toThrow('must be unique');
    await expect(create({ ProductionVariants: [] })).rejects.toThrow('length greater than or equal to 1');
    await expect(create({ ProductionVariants: variants(11) })).rejects.toThrow('length less than or equal to 10');
    await create({ ProductionVariants: variants(10) });
  });

  test('is refused with ExplainerConfig, which can not be honoured here', async () => {
    await expect(create({ ExplainerConfig: {} })).rejects.toThrow(
      "ExplainerConfig: the local SageMaker doesn't implement it",
    );
  });
});

const SERVERLESS = {
  VariantName: 'AllTraffic',
  ModelName: 'flights',
  ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 20 },
} as const satisfies ProductionVariant;

describe('a serverless EndpointConfig', () => {
  const serverless = (config: object, more: object = {}) =>
    create({
      ProductionVariants: [
        {
          ...SERVERLESS,
          ServerlessConfig: { ...SERVERLESS.ServerlessConfig, ...config },
          ...more,
        },
      ],
    });

  test('is described with what it was created with', async () => {
    await serverless({ ProvisionedConcurrency: 5 });
    expect((await describeConfig('first')).ProductionVariants).toMatchObject([
      { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 20, ProvisionedConcurrency: 5 } },
    ]);
  });

  test('may have any size and concurrency within the bounds', async () => {
    await serverless({ MemorySizeInMB: 1024, MaxConcurrency: 1, ProvisionedConcurrency: 1 });
    const variant = { ...SERVERLESS, ServerlessConfig: { MemorySizeInMB: 6144, MaxConcurrency: 200 } };
    expect(await create({ EndpointConfigName: 'second', ProductionVariants: [variant] })).toMatchObject({
      EndpointConfigArn: local.arn('endpoint-config/second'),
    });
  });

  test.each([
    [{ MemorySizeInMB: 1023 }, "Value '1023' at 'productionVariants.1.member.serverlessConfig.memorySizeInMB'"],
    [{ MemorySizeInMB: 6145 }, 'Member must have value less than or equal to 6144'],
    [{ MemorySizeInMB: 1025 }, 'MemorySizeInMB: must be one of 1024, 2048, 3072, 4096, 5120, 6144, got 1025'],
    [{ MaxConcurrency: 0 }, 'Member must have value greater than or equal to 1'],
    [{ MaxConcurrency: 201 }, 'Member must have value less than or equal to 200'],
    [{ ProvisionedConcurrency: 0 }, 'serverlessConfig.provisionedConcurrency'],
    [{ ProvisionedConcurrency: 21 }, 'ProvisionedConcurrency: must be at most MaxConcurrency, got 21 and 20'],
  ])('is refused with %j', async (config, message) => {
    await expect(serverless(config)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('has no instances', async () => {
    await expect(serverless({}, { InstanceType: 'ml.m5.large' })).rejects.toThrow(
      'InstanceType: a serverless variant has no instances',
    );
    await expect(serverless({}, { InitialInstanceCount: 1 })).rejects.toThrow('InitialInstanceCount');
  });

  test.each([
    ['data capture', { DataCaptureConfig: CAPTURE }],
    ['a VPC', { VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } }],
    ['network isolation', { EnableNetworkIsolation: true }],
    ['asynchronous inference', { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://b/o' } } }],
    ['shadow variants', { ShadowProductionVariants: [{ ...VARIANT, VariantName: 'Shadow' }] }],
  ])("doesn't support %s", async (name, more) => {
    await expect(create({ ProductionVariants: [SERVERLESS], ...more })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`doesn't support ${name}`),
    });
  });

  test('has one variant', async () => {
    const variants = [SERVERLESS, { ...SERVERLESS, VariantName: 'Other' }];
    await expect(create({ ProductionVariants: variants })).rejects.toThrow('supports one production variant, got 2');
  });

  test("doesn't support a model in a VPC, or isolated from the network", async () => {
    const model = { PrimaryContainer: { Image: 'image:1' }, ExecutionRoleArn: ROLE };
    const VpcConfig = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    await local.client.send(new CreateModelCommand({ ...model, ModelName: 'in-vpc', VpcConfig }));
    await local.client.send(new CreateModelCommand({ ...model, ModelName: 'isolated', EnableNetworkIsolation: true }));
    await expect(serverless({}, { ModelName: 'in-vpc' })).rejects.toThrow("doesn't support a VPC");
    await expect(serverless({}, { ModelName: 'isolated' })).rejects.toThrow("doesn't support network isolation");
  });
});

describe('an EndpointConfig with a shadow', () => {
  const SHADOW = { ...VARIANT, VariantName: 'Shadow' };

  test('is described with both variants', async () => {
    await create({ ShadowProductionVariants: [{ ...SHADOW, InitialVariantWeight: 0.5 }] });
    expect(await describeConfig('first')).toMatchObject({
      ProductionVariants: [{ VariantName: 'AllTraffic', InitialVariantWeight: 1 }],
      ShadowProductionVariants: [{ VariantName: 'Shadow', InitialVariantWeight: 0.5 }],
    });
  });

  test.each([
    ['must be unique', { ShadowProductionVariants: [VARIANT] }],
    ['got 1 and 2', { ShadowProductionVariants: [SHADOW, { ...SHADOW, VariantName: 'Third' }] }],
    ['got 2 and 1', { ProductionVariants: [VARIANT, { ...VARIANT, VariantName: 'Third' }] }],
    ['must have instances', { ShadowProductionVariants: [{ ...SERVERLESS, VariantName: 'Shadow' }] }],
    ['supports no shadow variants', { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://b/o' } } }],
    ['Could not find model', { ShadowProductionVariants: [{ ...SHADOW, ModelName: 'none' }] }],
  ])('is refused: %s', async (message, more) => {
    await expect(create({ ShadowProductionVariants: [SHADOW], ...more })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});
