import { assignVariant } from '../../../../core/release/assign-variant';
import { promote } from '../../../../core/release/promote';
import { registryOf, whyForeign } from '../../../../core/release/registry';
import { FakeAws, packageArn } from './fake-aws';

const source = { environment: 'staging', account: '222222222222' };
const arn = 'arn:aws:sagemaker:eu-west-1:222222222222:model-package/staging-churn/3';

describe('the registry of a model', () => {
  test('is that of its environment, in whose account nobody need say so', () => {
    expect(registryOf('dev', 'churn')).toEqual({ environment: 'dev', account: null, group: 'dev-churn' });
  });

  test('is that of another environment, by the name that the group has there', () => {
    expect(registryOf('prod', 'churn', source)).toEqual({ ...source, group: 'staging-churn' });
  });

  test('has versions of its own group in its own account', () => {
    expect(whyForeign(registryOf('prod', 'churn', source), arn)).toBeUndefined();
    expect(whyForeign(registryOf('prod', 'churn', source), arn.replace('arn:aws:', 'arn:aws-cn:'))).toBeUndefined();
    expect(whyForeign(registryOf('dev', 'churn'), arn)).toBeUndefined();
  });

  test.each([
    ['another account', arn.replace('222222222222', '333333333333')],
    ['another group', arn.replace('staging-churn', 'staging-credit')],
    ['a longer name', arn.replace('staging-churn', 'staging-churn-eu')],
    ['no version', arn.replace('/3', '')],
    ['another service', arn.replace('sagemaker', 'ecr')],
    ['no package', arn.replace('model-package', 'model')],
    ['no ARN', 'none'],
  ])('has none of %s', (_, foreign) => {
    expect(whyForeign(registryOf('prod', 'churn', source), foreign)).toBe(
      `${foreign} is not a version of staging-churn in account 222222222222`,
    );
  });
});

describe('a release from the registry of another account', () => {
  const released = (aws: FakeAws) => ({ ...aws.ports(), registry: registryOf('dev', 'churn', source) });
  const decision = {
    modelPackage: arn,
    version: 3,
    kind: 'promotion' as const,
    decidedAt: '2026-03-01T12:00:00Z',
    by: 'ada',
    reason: 'looked at it',
  };

  test('takes versions of that registry, and describes no other', async () => {
    const aws = new FakeAws();
    aws.approvals.set(arn, 'Approved');
    aws.approve(3);
    const ports = released(aws);
    const described: string[] = [];
    const packages = { describe: (each: string) => (described.push(each), ports.packages.describe(each)) };
    const own = { ...decision, modelPackage: packageArn(3) };
    expect(await promote(own, { ...ports, packages })).toMatchObject({
      kind: 'withdrawn',
      why: expect.stringContaining('is not a version of staging-churn'),
    });
    expect(described).toEqual([]);
    expect(await promote(decision, { ...ports, packages })).toEqual({ kind: 'started' });
    expect(aws.updates).toEqual([arn]);
  });

  test('holds variants to it as well', async () => {
    const aws = new FakeAws();
    aws.approvals.set(arn, 'Approved');
    aws.approve(3);
    let value = 'none';
    const parameter = { read: async () => value, write: async (text: string) => void (value = text) };
    const assign = (modelPackage: string) =>
      assignVariant({ variant: 'challenger', modelPackage, parameter, by: 'ada', reason: 'to compare' }, released(aws));
    expect(await assign(packageArn(3))).toMatchObject({ kind: 'refused' });
    expect(value).toBe('none');
    await assign(arn);
    expect(value).toBe(arn);
  });
});
