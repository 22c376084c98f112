import {
  CreateEndpointConfigCommand,
  type CreateEndpointConfigCommandInput,
  CreateModelCommand,
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
    [
      { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } },
      "ServerlessConfig: the local SageMaker doesn't implement it",
    ],
    [{ ModelName: undefined }, "doesn't implement inference components"],
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

  test.each([
    ['AsyncInferenceConfig', { OutputConfig: {} }],
    ['ExplainerConfig', {}],
    ['ShadowProductionVariants', [VARIANT]],
  ])('is refused with %s, which can not be honoured here', async (member, value) => {
    await expect(create({ [member]: value })).rejects.toThrow(`${member}: the local SageMaker doesn't implement it`);
  });
});
