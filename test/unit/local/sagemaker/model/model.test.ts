import {
  type ContainerDefinition,
  CreateModelCommand,
  type CreateModelCommandInput,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DeleteModelCommand,
  DescribeModelCommand,
  ListModelsCommand,
  type ListModelsCommandInput,
  type ModelApprovalStatus,
} from '@aws-sdk/client-sagemaker';
import { INFERENCE, LocalSageMaker, ROLE } from '../local-sagemaker';

const DATA = 's3://models/model.tar.gz';

let local: LocalSageMaker;
beforeEach(async () => {
  local = await LocalSageMaker.start();
  local.objects.add(DATA);
});
afterEach(async () => {
  await local.remove();
});

const create = (input: Partial<CreateModelCommandInput> = {}) =>
  local.client.send(
    new CreateModelCommand({
      ModelName: 'flights',
      PrimaryContainer: { Image: 'image:1', ModelDataUrl: DATA },
      ExecutionRoleArn: ROLE,
      ...input,
    }),
  );

const createWith = (PrimaryContainer: ContainerDefinition) => create({ PrimaryContainer });

async function registeredPackage(status: ModelApprovalStatus): Promise<string | undefined> {
  const ModelPackageGroupName = `group-${status}`;
  await local.client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));
  const input = { ModelPackageGroupName, InferenceSpecification: INFERENCE, ModelApprovalStatus: status };
  return (await local.client.send(new CreateModelPackageCommand(input))).ModelPackageArn;
}

describe('a Model', () => {
  test('is described with what it was created with', async () => {
    expect(await create()).toMatchObject({ ModelArn: local.arn('model/flights') });
    const model = await local.client.send(new DescribeModelCommand({ ModelName: 'flights' }));
    expect(model).toMatchObject({
      ModelName: 'flights',
      ModelArn: local.arn('model/flights'),
      PrimaryContainer: { Image: 'image:1', ModelDataUrl: DATA },
      ExecutionRoleArn: ROLE,
      EnableNetworkIsolation: false,
      CreationTime: local.time,
    });
  });

  test('may be several containers in a row', async () => {
    const Containers = [{ Image: 'image:1', ModelDataUrl: DATA }, { Image: 'image:2' }];
    await create({ PrimaryContainer: undefined, Containers });
    expect(await local.client.send(new DescribeModelCommand({ ModelName: 'flights' }))).toMatchObject({ Containers });
  });

  test('is refused a second time, also when both requests come at once', async () => {
    const outcomes = await Promise.allSettled([create(), create(), create()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(create()).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Cannot create already existing model "${local.arn('model/flights')}".`,
    });
  });

  test.each([
    ['describe', new DescribeModelCommand({ ModelName: 'none' })],
    ['delete', new DeleteModelCommand({ ModelName: 'none' })],
  ] as const)('that does not exist is told by its ARN: %s', async (_, command) => {
    await expect(local.client.send(command as DescribeModelCommand)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Could not find model "${local.arn('model/none')}".`,
    });
  });

  test('can be made anew once it is deleted', async () => {
    await create();
    await local.client.send(new DeleteModelCommand({ ModelName: 'flights' }));
    expect(await create()).toMatchObject({ ModelArn: local.arn('model/flights') });
  });

  test('needs exactly one kind of container', async () => {
    await expect(create({ PrimaryContainer: undefined })).rejects.toThrow('exactly one of');
    await expect(create({ Containers: [{ Image: 'a' }] })).rejects.toThrow('exactly one of');
    await expect(create({ PrimaryContainer: undefined, Containers: [] })).rejects.toThrow(
      'Containers must not be empty',
    );
  });

  test('needs an image or a package in its container, and its data has to be there', async () => {
    await expect(createWith({})).rejects.toThrow(
      'PrimaryContainer: give either Image or ModelPackageName, got neither',
    );
    await expect(createWith({ Image: 'a', ModelPackageName: 'b' })).rejects.toThrow('got both');
    // A longer key that begins like the missing one must not pass for it.
    await expect(createWith({ Image: 'a', ModelDataUrl: DATA.slice(0, -1) })).rejects.toThrow(
      `Could not find model data at ${DATA.slice(0, -1)}.`,
    );
  });

  test.each([
    [{ Image: 'a', Mode: 'MultiModel' }, 'PrimaryContainer.Mode'],
    [{ Image: 'a', ImageConfig: { RepositoryAccessMode: 'Vpc' } }, 'PrimaryContainer.ImageConfig'],
    [{ Image: 'a', MultiModelConfig: {} }, 'PrimaryContainer.MultiModelConfig'],
  ] as const)('is refused with %j, which can not be honoured here', async (container, path) => {
    await expect(createWith(container)).rejects.toThrow(`${path}: the local SageMaker doesn't implement`);
  });

  test('takes an approved package', async () => {
    const ModelPackageName = await registeredPackage('Approved');
    await createWith({ ModelPackageName });
    expect(await local.client.send(new DescribeModelCommand({ ModelName: 'flights' }))).toMatchObject({
      PrimaryContainer: { ModelPackageName },
    });
  });

  test.each(['PendingManualApproval', 'Rejected'] as const)('takes no package that is %s', async (status) => {
    const ModelPackageName = await registeredPackage(status);
    await expect(createWith({ ModelPackageName })).rejects.toThrow(`has to be Approved, got ${status}`);
  });

  test('takes no package that does not exist', async () => {
    await expect(createWith({ ModelPackageName: local.arn('model-package/none/1') })).rejects.toThrow(
      `ModelPackage ${local.arn('model-package/none/1')} does not exist.`,
    );
  });
});

describe('the list of Models', () => {
  beforeEach(async () => {
    for (const [hour, ModelName] of ['b', 'a', 'C'].entries()) {
      local.time = new Date(Date.UTC(2026, 0, 1, hour));
      // oxlint-disable-next-line no-await-in-loop -- one after the other, by the clock
      await create({ ModelName });
    }
  });

  const names = async (input: ListModelsCommandInput) =>
    (await local.client.send(new ListModelsCommand(input))).Models?.map(({ ModelName }) => ModelName).join('');

  test('begins with the newest unless told otherwise', async () => {
    expect(await names({})).toBe('Cab');
    expect(await names({ SortOrder: 'Ascending' })).toBe('baC');
    expect(await names({ SortBy: 'Name' })).toBe('baC');
    expect(await names({ SortBy: 'Name', SortOrder: 'Ascending' })).toBe('Cab');
  });

  test('holds only those that the filters let through', async () => {
    expect(await names({ NameContains: 'c' })).toBe('C');
    expect(await names({ NameContains: 'x' })).toBe('');
    expect(await names({ CreationTimeAfter: new Date(Date.UTC(2026, 0, 1, 0)) })).toBe('Ca');
    expect(await names({ CreationTimeBefore: new Date(Date.UTC(2026, 0, 1, 1)) })).toBe('b');
  });

  test('refuses an order that it does not know', async () => {
    await expect(names({ SortBy: 'Size' as 'Name' })).rejects.toThrow(/'sortBy' .* enum value set: \[.*Name.*\]/);
    await expect(names({ SortOrder: 'Up' as 'Ascending' })).rejects.toThrow(/'sortOrder' .* enum value set/);
  });

  test('comes in pages', async () => {
    const first = await local.client.send(new ListModelsCommand({ MaxResults: 2 }));
    expect(first.Models).toHaveLength(2);
    const second = await local.client.send(new ListModelsCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect(second.Models?.map(({ ModelName }) => ModelName)).toEqual(['b']);
    expect(second.NextToken).toBeUndefined();
  });
});
