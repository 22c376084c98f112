import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import { FakeAccount, MODEL, packageArn, release } from './fake-account';

const verify = (account: FakeAccount, ...more: string[]) => release(account, 'verify', MODEL, ...more);

describe('verify', () => {
  test('ends well if what serves is what is meant to', async () => {
    const account = await new FakeAccount().register('Approved').released(1);
    const { text, error } = await verify(account);
    expect(error).toBeUndefined();
    expect(text).toBe('flight-delay in dev: version 1 is meant to serve, and does');
  });

  test('ends well before the first release', async () => {
    expect((await verify(new FakeAccount())).text).toBe('flight-delay in dev: no release is meant to serve, and does');
  });

  test.each([
    [
      'the endpoint serves another version',
      (account: FakeAccount) => {
        account.aws.served = packageArn(2);
      },
      `the endpoint is InService with ${packageArn(2)}`,
    ],
    [
      'the parameter names another version',
      (account: FakeAccount) => {
        account.aws.parameter = packageArn(2);
      },
      `the release parameter says ${packageArn(2)}`,
    ],
    [
      'the endpoint has failed',
      (account: FakeAccount) => {
        account.aws.endpointStatus = 'Failed';
      },
      'the endpoint is Failed',
    ],
  ])('fails if %s', async (_, change, mismatch) => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(1);
    change(account);
    const { error, lines } = await verify(account, '--json');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toContain(mismatch);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      version: 1,
      release: packageArn(1),
      mismatches: [expect.stringContaining(mismatch)],
      inProgress: false,
    });
  });

  test('finds nothing wrong while a release is on its way, and says why', async () => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(1);
    await account.begin(2);
    const { text, error } = await verify(account);
    expect(error).toBeUndefined();
    expect(text).toContain('a release is on its way from version 1');
  });
});
