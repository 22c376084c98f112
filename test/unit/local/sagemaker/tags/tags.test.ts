import {
  AddTagsCommand,
  CreateModelPackageGroupCommand,
  DeleteModelPackageGroupCommand,
  DeleteTagsCommand,
  ListTagsCommand,
  type Tag,
} from '@aws-sdk/client-sagemaker';
import { LocalSageMaker } from '../local-sagemaker';

let local: LocalSageMaker;
let ResourceArn: string;
beforeEach(async () => {
  local = await LocalSageMaker.start();
  ResourceArn = local.arn('model-package-group/flights');
});
afterEach(async () => {
  await local.remove();
});

const createGroup = (Tags?: Tag[]) =>
  local.client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'flights', Tags }));
const add = (Tags: Tag[]) => local.client.send(new AddTagsCommand({ ResourceArn, Tags }));
const list = async () => (await local.client.send(new ListTagsCommand({ ResourceArn }))).Tags;
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: 'v' }));

describe('tags', () => {
  test('are those of the creation until they are changed', async () => {
    await createGroup([{ Key: 'team', Value: 'a' }]);
    expect(await list()).toEqual([{ Key: 'team', Value: 'a' }]);
    expect(
      (
        await add([
          { Key: 'team', Value: 'b' },
          { Key: 'cost', Value: '1' },
        ])
      ).Tags,
    ).toHaveLength(2);
    expect(await list()).toEqual([
      { Key: 'cost', Value: '1' },
      { Key: 'team', Value: 'b' },
    ]);
    await local.client.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ['cost', 'none'] }));
    expect(await list()).toEqual([{ Key: 'team', Value: 'b' }]);
  });

  test('are not handed on to a resource of the same name that is made later', async () => {
    await createGroup([{ Key: 'team', Value: 'a' }]);
    await local.client.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'flights' }));
    await createGroup();
    expect(await list()).toEqual([]);
  });

  test('are refused before the resource is made', async () => {
    const twice = [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ];
    await expect(createGroup(twice)).rejects.toThrow('each key may be given once, got a twice');
    await createGroup();
    await expect(add(twice)).rejects.toThrow('each key may be given once');
  });

  test('are at most 50 a resource', async () => {
    await expect(createGroup(many(51))).rejects.toThrow('Member must have length less than or equal to 50');
    await createGroup(many(50));
    await expect(add([{ Key: 'one-more', Value: 'v' }])).rejects.toMatchObject({ name: 'ResourceLimitExceeded' });
    await add([{ Key: 'key-0', Value: 'changed' }]);
  });

  test('come in one page, because the smallest page has as many as a resource may have', async () => {
    await createGroup(many(50));
    const all = await local.client.send(new ListTagsCommand({ ResourceArn, MaxResults: 50 }));
    expect([all.Tags?.length, all.NextToken]).toEqual([50, undefined]);
    await expect(local.client.send(new ListTagsCommand({ ResourceArn, MaxResults: 49 }))).rejects.toThrow(
      'Member must have value greater than or equal to 50',
    );
  });

  test.each([
    ['model-package-group/none', 'does not exist.'],
    ['model-package/none/1', 'does not exist.'],
    ['model/none', 'Could not find model'],
    ['endpoint-config/none', 'Could not find endpoint configuration'],
    ['domain/none', 'has no such kind'],
  ])('of %s, which is not there, are refused', async (resource, message) => {
    ResourceArn = local.arn(resource);
    await expect(list()).rejects.toThrow(message);
    await expect(add([{ Key: 'a', Value: 'b' }])).rejects.toThrow(message);
  });
});
