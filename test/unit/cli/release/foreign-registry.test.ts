import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import { FakeAccount, MODEL, release } from './fake-account';

// Environment dev takes its releases from the registry of staging, which is in account 222222222222.
jest.mock('../../../../config/environments', () => {
  const { environments } = jest.requireActual<{ environments: Record<string, object> }>(
    '../../../../config/environments',
  );
  return { environments: { ...environments, dev: { ...environments['dev'], registry: { environment: 'staging' } } } };
});

const GROUP = `arn:aws:sagemaker:eu-west-1:222222222222:model-package-group/staging-${MODEL}`;
const arnOf = (version: number, account = '222222222222') =>
  `arn:aws:sagemaker:eu-west-1:${account}:model-package/staging-${MODEL}/${version}`;

/** The account of dev, which sees these versions in the registry of staging. */
function withVersions(...statuses: string[]): FakeAccount {
  const account = new FakeAccount();
  statuses.forEach((status, index) => account.aws.approvals.set(arnOf(index + 1), status));
  return account;
}

describe('commands of an environment whose versions another account has', () => {
  test('find the versions by the ARN of their group', async () => {
    const account = withVersions('Approved', 'Approved', 'PendingManualApproval');
    const listed = jest.spyOn(account.sageMaker, 'listModelPackages');
    const { text, error } = await release(account, 'promote', MODEL);
    expect(error).toBeUndefined();
    expect(listed).toHaveBeenCalledWith(expect.objectContaining({ ModelPackageGroupName: GROUP }));
    expect(text).toContain('Version 2');
    expect(account.aws.served).toBe(arnOf(2));
  });

  test('show what was released, verify it and go back', async () => {
    const account = withVersions('Approved', 'Approved');
    for (const version of ['1', '2']) await release(account, 'promote', MODEL, version);
    const history = await release(account, 'history', MODEL, '--json');
    expect(JSON.parse(history.text)).toMatchObject({
      endpoint: { name: `dev-${MODEL}`, version: 2, modelPackage: arnOf(2) },
      releases: [{ version: 2, outcome: 'released' }, { version: 1 }],
    });
    expect((await release(account, 'verify', MODEL)).text).toContain('version 2 is meant to serve, and does');
    expect((await release(account, 'rollback', MODEL)).error).toBeUndefined();
    expect(account.aws.served).toBe(arnOf(1));
  });

  test('release nothing that the registry has not approved, and say where it is approved', async () => {
    const account = withVersions('PendingManualApproval');
    const { error } = await release(account, 'promote', MODEL, '1');
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toContain(`npx mlops release approve ${MODEL} 1 --env staging --reason`);
    expect(account.aws.updates).toEqual([]);
  });

  test('release no version of a third account, whatever the registry lists', async () => {
    const account = new FakeAccount();
    account.aws.approvals.set(arnOf(1, '999999999999'), 'Approved');
    const { error } = await release(account, 'promote', MODEL, '1');
    expect(error?.message).toContain(`is not a version of staging-${MODEL} in account 222222222222`);
    expect(account.aws.updates).toEqual([]);
  });

  test.each(['approve', 'reject'])('do not %s, which would be the word of staging', async (verb) => {
    const account = withVersions('PendingManualApproval');
    const { error } = await release(account, verb, MODEL, '1', '--reason', 'looks good');
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toBe(
      `--env dev: versions of ${MODEL} are approved in staging, got dev; decide there with --env staging; npx mlops release promote ${MODEL} 1 --env dev releases an approved version here`,
    );
    expect(account.changes).toEqual([]);
  });
});
