import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import { FakeAccount, fail, MODEL, release } from './fake-account';

const history = (account: FakeAccount) => release(account, 'history', MODEL);

describe('an environment that a command can not work in', () => {
  test.each([
    [
      'stack',
      (account: FakeAccount) => {
        account.aws.before = (call) =>
          call === 'describeStacks'
            ? fail('ValidationError', 'Stack with id mlops-dev-data does not exist')()
            : Promise.resolve();
      },
      'no such stack',
    ],
    [
      'bucket',
      (account: FakeAccount) => {
        account.outputs = {};
      },
      'no output EvidenceBucketName',
    ],
  ])('has no %s', async (_, breakIt, found) => {
    const account = new FakeAccount();
    breakIt(account);
    const { error } = await history(account);
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toBe(
      `mlops-dev-data: is not deployed in eu-west-1, got ${found}; deploy environment dev, or use credentials of its account 111111111111`,
    );
  });

  test('is another account than that of the credentials', async () => {
    const account = new FakeAccount();
    account.account = '999999999999';
    const { error } = await history(account);
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toBe(
      '--env dev: is account 111111111111, got credentials of 999999999999; choose another AWS_PROFILE, or the environment of these credentials',
    );
  });

  test.each([
    ['CredentialsProviderError', 'needs AWS credentials of account 111111111111, got the cause; set AWS_PROFILE'],
    ['TokenProviderError', 'needs AWS credentials of account 111111111111, got the cause; set AWS_PROFILE'],
    ['ExpiredToken', 'AWS does not take the credentials, got the cause; get new ones for account 111111111111'],
    ['UnrecognizedClientException', 'AWS does not take the credentials, got the cause; get new ones'],
    ['AccessDenied', 'AWS refused the call, got the cause; take a persona that may do it'],
    ['AccessDeniedException', 'AWS refused the call, got the cause; take a persona that may do it'],
  ])('answers %s', async (name, message) => {
    const account = new FakeAccount();
    account.aws.before = fail(name, 'the cause');
    const { error } = await history(account);
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toContain(`--env dev: ${message}`);
    expect(error?.cause).toMatchObject({ name });
  });

  test('answers with an error that nobody foresaw', async () => {
    const account = new FakeAccount();
    account.aws.before = fail('InternalError', 'We encountered an internal error');
    const { error } = await history(account);
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toBe('We encountered an internal error');
  });
});
