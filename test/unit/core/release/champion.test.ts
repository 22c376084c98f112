import { keepChampion } from '../../../../core/release/champion';
import { FakeAws, packageArn } from './fake-aws';

const MODEL = 'churn/champion/model.tar.gz';
const NOTE = 'churn/champion/release.json';

function keep(aws: FakeAws, release: string): Promise<boolean> {
  return keepChampion(release, aws.ports(), aws.s3, 'models');
}

describe("the champion's folder", () => {
  test('holds a note before the first release, so that a job finds something', async () => {
    const aws = new FakeAws();
    expect(await keep(aws, 'none')).toBe(true);
    expect([...aws.objects.keys()]).toEqual([NOTE]);
  });

  test('holds the artefact of what was released, and of what was released next', async () => {
    const aws = new FakeAws();
    aws.approve(1, 2);
    for (const version of [1, 2]) {
      expect(await keep(aws, packageArn(version))).toBe(true);
      expect(aws.objects.get(MODEL)?.body).toBe(`copy of models/churn/${version}/model.tar.gz`);
    }
    expect(JSON.parse(aws.objects.get(NOTE)?.body ?? '')).toEqual({
      modelPackage: packageArn(2),
      artefact: 's3://models/churn/2/model.tar.gz',
    });
  });

  test('is left alone while nothing has changed', async () => {
    const aws = new FakeAws();
    aws.approve(1);
    await keep(aws, packageArn(1));
    const before = new Map(aws.objects);
    expect(await keep(aws, packageArn(1))).toBe(false);
    expect(aws.objects).toEqual(before);
  });

  test('keeps what is to be beaten when the release is taken away or its package is gone', async () => {
    const aws = new FakeAws();
    aws.approve(1);
    await keep(aws, packageArn(1));
    expect(await keep(aws, 'none')).toBe(false);
    expect(await keep(aws, packageArn(2))).toBe(false);
    expect(aws.objects.get(MODEL)?.body).toContain('/1/');
  });

  test('is made good by the next look after one that was cut off', async () => {
    const aws = new FakeAws();
    aws.approve(1);
    aws.before = async (call) => {
      if (call === 'putObject') throw new Error('cut off');
    };
    await expect(keep(aws, packageArn(1))).rejects.toThrow('cut off');
    aws.before = async () => undefined;
    expect(await keep(aws, packageArn(1))).toBe(true);
    expect(aws.objects.has(NOTE)).toBe(true);
  });
});
