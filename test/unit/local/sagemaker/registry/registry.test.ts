import {
  CreateModelPackageCommand,
  type CreateModelPackageCommandInput,
  CreateModelPackageGroupCommand,
  DeleteModelPackageCommand,
  DeleteModelPackageGroupCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  type ListModelPackagesCommandInput,
  UpdateModelPackageCommand,
  type UpdateModelPackageCommandInput,
} from '@aws-sdk/client-sagemaker';
import { ModelPackageStateChange } from '../../../../../core/events';
import { eventually } from '../eventually';
import { INFERENCE, LocalSageMaker } from '../local-sagemaker';

let local: LocalSageMaker;
beforeEach(async () => {
  local = await LocalSageMaker.start();
});
afterEach(async () => {
  await local.remove();
});

const createGroup = (ModelPackageGroupName: string) =>
  local.client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));

const register = (input: CreateModelPackageCommandInput = {}) =>
  local.client.send(
    new CreateModelPackageCommand({ ModelPackageGroupName: 'flights', InferenceSpecification: INFERENCE, ...input }),
  );

const update = (input: Partial<UpdateModelPackageCommandInput>) =>
  local.client.send(new UpdateModelPackageCommand({ ModelPackageArn: local.arn('model-package/flights/1'), ...input }));

const describePackage = (ModelPackageName: string) =>
  local.client.send(new DescribeModelPackageCommand({ ModelPackageName }));

describe('a ModelPackageGroup', () => {
  test('is described with what it was created with', async () => {
    await local.client.send(
      new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'flights', ModelPackageGroupDescription: 'late?' }),
    );
    expect(
      await local.client.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'flights' })),
    ).toMatchObject({
      ModelPackageGroupName: 'flights',
      ModelPackageGroupArn: local.arn('model-package-group/flights'),
      ModelPackageGroupDescription: 'late?',
      ModelPackageGroupStatus: 'Completed',
      CreationTime: local.time,
    });
  });

  test('is refused a second time', async () => {
    await createGroup('flights');
    await expect(createGroup('flights')).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Model Package Group already exists: ${local.arn('model-package-group/flights')}`,
    });
  });

  test('is found by its ARN too', async () => {
    await createGroup('flights');
    const ModelPackageGroupName = local.arn('model-package-group/flights');
    expect(await local.client.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName }))).toMatchObject({
      ModelPackageGroupName: 'flights',
    });
  });

  test.each([
    ['describe', new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'none' })],
    ['delete', new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'none' })],
    ['list', new ListModelPackagesCommand({ ModelPackageGroupName: 'none' })],
  ] as const)('that does not exist is told by name: %s', async (_, command) => {
    await expect(local.client.send(command as DescribeModelPackageGroupCommand)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `ModelPackageGroup ${local.arn('model-package-group/none')} does not exist.`,
    });
  });

  test('is only deleted once it is empty', async () => {
    await createGroup('flights');
    await createGroup('flights-2');
    await register();
    const remove = () => local.client.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'flights' }));
    await expect(remove()).rejects.toMatchObject({ name: 'ConflictException' });
    await local.client.send(new DeleteModelPackageCommand({ ModelPackageName: local.arn('model-package/flights/1') }));
    await remove();
    const { ModelPackageGroupSummaryList } = await local.client.send(new ListModelPackageGroupsCommand({}));
    expect(ModelPackageGroupSummaryList?.map((group) => group.ModelPackageGroupName)).toEqual(['flights-2']);
  });
});

describe('a ModelPackage', () => {
  beforeEach(() => createGroup('flights'));

  test('is the next version of its group, waiting for approval unless told otherwise', async () => {
    expect(await register()).toMatchObject({ ModelPackageArn: local.arn('model-package/flights/1') });
    await register({ ModelApprovalStatus: 'Approved', CustomerMetadataProperties: { execution: 'abc' } });
    expect(await describePackage(local.arn('model-package/flights/1'))).toMatchObject({
      ModelPackageVersion: 1,
      ModelPackageGroupName: 'flights',
      ModelApprovalStatus: 'PendingManualApproval',
      ModelPackageStatus: 'Completed',
      CertifyForMarketplace: false,
      InferenceSpecification: INFERENCE,
      CreationTime: local.time,
    });
    expect(await describePackage(local.arn('model-package/flights/2'))).toMatchObject({
      ModelPackageVersion: 2,
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { execution: 'abc' },
    });
  });

  test('never gets the version of one that was deleted', async () => {
    await register();
    await register();
    await local.client.send(new DeleteModelPackageCommand({ ModelPackageName: local.arn('model-package/flights/2') }));
    expect(await register()).toMatchObject({ ModelPackageArn: local.arn('model-package/flights/3') });
  });

  test('is registered once for the same token, unless it was deleted meanwhile', async () => {
    const ClientToken = 'one';
    const first = await register({ ClientToken });
    expect(await register({ ClientToken })).toMatchObject({ ModelPackageArn: first.ModelPackageArn });
    expect((await register({ ClientToken: 'two' })).ModelPackageArn).toBe(local.arn('model-package/flights/2'));
    await local.client.send(new DeleteModelPackageCommand({ ModelPackageName: first.ModelPackageArn }));
    expect((await register({ ClientToken })).ModelPackageArn).toBe(local.arn('model-package/flights/3'));
  });

  test('gets a version of its own when many are registered at once', async () => {
    const arns = await Promise.all(Array.from({ length: 20 }, () => register()));
    expect(new Set(arns.map(({ ModelPackageArn }) => ModelPackageArn)).size).toBe(20);
  });

  test('may stand outside of any group, under its own name', async () => {
    await register({ ModelPackageGroupName: undefined, ModelPackageName: 'alone' });
    const { ModelPackageVersion, ModelApprovalStatus, ModelPackageArn } = await describePackage('alone');
    expect({ ModelPackageVersion, ModelApprovalStatus, ModelPackageArn }).toEqual({
      ModelPackageArn: local.arn('model-package/alone'),
    });
    await expect(register({ ModelPackageGroupName: undefined, ModelPackageName: 'alone' })).rejects.toThrow(
      'Model Package already exists',
    );
  });

  test.each([
    ['both names', { ModelPackageName: 'alone' }, 'Both ModelPackageName and ModelPackageGroupName are provided'],
    ['no name', { ModelPackageGroupName: undefined }, 'Missing ARN.'],
    ['a group that is not there', { ModelPackageGroupName: 'none' }, 'model-package-group/none does not exist.'],
    ['a part that is not implemented', { ModelCard: {} }, "ModelCard: the local SageMaker doesn't implement it"],
    [
      'an approval outside of a group',
      { ModelPackageGroupName: undefined, ModelPackageName: 'alone', ModelApprovalStatus: 'Approved' },
      'only valid for a version',
    ],
  ] as const)('is refused with %s', async (_, input, message) => {
    await expect(register(input as CreateModelPackageCommandInput)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('that does not exist is told by its ARN', async () => {
    await expect(describePackage(local.arn('model-package/flights/7'))).rejects.toMatchObject({
      name: 'ValidationException',
      message: `ModelPackage ${local.arn('model-package/flights/7')} does not exist.`,
    });
  });

  test('changes its approval, and keeps what an update does not mention', async () => {
    await register({ CustomerMetadataProperties: { a: '1', b: '2' } });
    local.time = new Date('2026-01-02T00:00:00.000Z');
    await update({ ModelApprovalStatus: 'Approved', ApprovalDescription: 'good' });
    await update({ CustomerMetadataProperties: { c: '3' }, CustomerMetadataPropertiesToRemove: ['a'] });
    expect(await describePackage(local.arn('model-package/flights/1'))).toMatchObject({
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'good',
      CustomerMetadataProperties: { b: '2', c: '3' },
      LastModifiedTime: local.time,
    });
  });

  test('is listed by group, approval and kind', async () => {
    await createGroup('other');
    await register();
    await register({ ModelApprovalStatus: 'Approved' });
    await register({ ModelPackageGroupName: 'other' });
    await register({ ModelPackageGroupName: undefined, ModelPackageName: 'alone' });
    const list = async (input: ListModelPackagesCommandInput) =>
      (await local.client.send(new ListModelPackagesCommand(input))).ModelPackageSummaryList?.map(
        ({ ModelPackageArn }) => ModelPackageArn?.split('model-package/')[1],
      );
    expect(await list({ ModelPackageGroupName: 'flights' })).toEqual(['flights/1', 'flights/2']);
    expect(await list({ ModelPackageGroupName: 'flights', SortOrder: 'Descending' })).toEqual([
      'flights/2',
      'flights/1',
    ]);
    expect(await list({ ModelPackageGroupName: 'flights', ModelApprovalStatus: 'Approved' })).toEqual(['flights/2']);
    expect(await list({})).toEqual(['alone']);
    expect(await list({ ModelPackageType: 'Versioned' })).toEqual(['flights/1', 'flights/2', 'other/1']);
    expect(await list({ ModelPackageType: 'Both' })).toHaveLength(4);
  });
});

describe('the event of a ModelPackage', () => {
  beforeEach(() => createGroup('flights'));

  test('comes on registration and on every update, as the service documents it', async () => {
    await register({ CustomerMetadataProperties: { execution: 'abc' } });
    await update({ ModelApprovalStatus: 'Approved', ApprovalDescription: 'good' });
    await update({ ModelApprovalStatus: 'Rejected' });
    await eventually(() => local.events.length === 3);
    const events = local.events.map(({ Source, DetailType, Detail, Resources }) =>
      ModelPackageStateChange.parse({
        id: '1',
        account: '2',
        region: '3',
        time: '4',
        source: Source,
        'detail-type': DetailType,
        detail: Detail,
        resources: Resources,
      }),
    );
    expect(events.map(({ detail }) => detail.ModelApprovalStatus)).toEqual([
      'PendingManualApproval',
      'Approved',
      'Rejected',
    ]);
    expect(events[1]).toMatchObject({
      resources: [local.arn('model-package/flights/1')],
      detail: {
        ModelPackageArn: local.arn('model-package/flights/1'),
        ModelPackageGroupName: 'flights',
        ModelPackageVersion: 1,
        ModelPackageStatus: 'Completed',
        ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
        CreationTime: local.time.toISOString(),
        LastModifiedTime: local.time.toISOString(),
        InferenceSpecification: INFERENCE,
        CustomerMetadataProperties: { execution: 'abc' },
        UpdatedModelPackageFields: ['ModelApprovalStatus', 'ApprovalDescription'],
      },
    });
  });

  test('waits for an emulator that is down, over a restart, without failing the call', async () => {
    local.eventStatus = 503;
    await register();
    await eventually(() => local.messages.some((message) => message.includes("can't be delivered yet: HTTP 503")));
    await local.stopServer();
    expect(local.events).toEqual([]);
    local.eventStatus = 200;
    await local.startServer();
    await eventually(() => local.events.length === 1);
  });
});
