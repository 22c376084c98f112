import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import { servedBefore } from '../../../../cli/release/served-before';
import { FakeAccount, MODEL, packageArn, release } from './fake-account';

function rollback(account: FakeAccount, ...more: string[]) {
  return release(account, 'rollback', MODEL, ...more);
}

function threeReleases(): Promise<FakeAccount> {
  return new FakeAccount().register('Approved', 'Approved', 'Approved', 'Approved').released(1, 2, 3);
}

describe('rollback', () => {
  test('goes back to the version that served before the live one', async () => {
    const account = await threeReleases();
    const { text, error } = await rollback(account);
    expect(error).toBeUndefined();
    expect(account.aws.served).toBe(packageArn(2));
    expect(account.state?.decision).toMatchObject({
      version: 2,
      kind: 'rollback',
      by: 'ada',
      reason: 'back from version 3',
    });
    expect(text).toContain('Version 2 of flight-delay in dev is live');
  });

  test('counts though the clock of this machine is an hour slow', async () => {
    const account = await threeReleases();
    account.aws.time -= 3_600_000;
    const { error } = await rollback(account);
    expect(error).toBeUndefined();
    expect(account.aws.served).toBe(packageArn(2));
  });

  test('twice goes back two versions, not to the one that was left', async () => {
    const account = await threeReleases();
    await rollback(account);
    account.aws.time += 60_000;
    await rollback(account);
    expect(account.aws.served).toBe(packageArn(1));
  });

  test('goes to the version that is named, if it served', async () => {
    const account = await threeReleases();
    const { error } = await rollback(account, '1', '--reason', 'drift since 2');
    expect(error).toBeUndefined();
    expect(account.aws.served).toBe(packageArn(1));
    expect(account.state?.decision.reason).toBe('drift since 2');
  });

  test('passes over versions that are not approved any more', async () => {
    const account = await threeReleases();
    account.aws.approvals.set(packageArn(2), 'Rejected');
    await rollback(account);
    expect(account.aws.served).toBe(packageArn(1));
  });

  test('passes over releases that never came to serve', async () => {
    const account = await new FakeAccount().register('Approved', 'Approved', 'Approved').released(1);
    account.aws.fate = 'rolls-back';
    await account.release(2);
    account.aws.fate = 'succeeds';
    await account.release(3);
    await rollback(account);
    expect(account.aws.served).toBe(packageArn(1));
  });

  test('does not believe a record that was changed', async () => {
    const account = await threeReleases();
    const [key = '', object = { body: '', etag: '' }] =
      [...account.aws.objects].find(([name]) => name.endsWith('-2.json')) ?? [];
    account.aws.objects.set(key, { ...object, body: object.body.replace('beats', 'beat') });
    await rollback(account);
    expect(account.aws.served).toBe(packageArn(1));
  });

  test('of a version that is live already changes nothing', async () => {
    const account = await threeReleases();
    const { lines } = await rollback(account, '3', '--json');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'rollback', outcome: 'live-already', version: 3 });
    expect(account.state?.decision.by).toBe('bob');
  });
});

describe('wrong input of rollback', () => {
  test.each([
    ['is nothing', [], 'got nothing live and none before it'],
    ['is only the live one', [1], 'got version 1 live and none before it'],
  ])('says so where there %s to go back to', async (_, versions, found) => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(...versions);
    const { error } = await rollback(account);
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toBe(
      `flight-delay in dev: there is no earlier release to go back to, ${found}; choose a version to release: npx mlops release promote flight-delay VERSION --env dev`,
    );
  });

  test('says so where all earlier ones are not approved any more', async () => {
    const account = await threeReleases();
    for (const version of [1, 2]) account.aws.approvals.set(packageArn(version), 'Rejected');
    const { error } = await rollback(account);
    expect(error?.message).toContain(
      'got version 3 live and before it only versions that are not approved any more (2, 1)',
    );
  });

  test('refuses a version that never served', async () => {
    const { error } = await rollback(await threeReleases(), '4');
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toBe(
      'VERSION: has never served, got 4; to release it: npx mlops release promote flight-delay 4 --env dev',
    );
  });

  test('refuses a version that served and is not approved any more', async () => {
    const account = await threeReleases();
    account.aws.approvals.set(packageArn(2), 'Rejected');
    const { error } = await rollback(account, '2');
    expect(error?.message).toContain('VERSION: must be approved to serve, got 2 (Rejected)');
  });

  test('wants a version while a release is on its way, as what is live may change', async () => {
    const account = await threeReleases();
    await account.begin(4);
    const { error } = await rollback(account);
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toContain('version 4 is on its way and what is live may change, got no VERSION');

    const named = await rollback(account, '2');
    expect(named.error).toBeUndefined();
    expect(named.notes[0]).toContain('version 2 waits for its turn: version 4 is on its way');
    expect(account.aws.served).toBe(packageArn(2));
  });
});

describe('what served before', () => {
  const record = (modelPackage: string, kind: 'approval' | 'promotion' | 'rollback' = 'approval') => ({
    outcome: 'released' as const,
    decision: { modelPackage, kind, version: 1, decidedAt: '', by: '', reason: '' },
  });

  test('is nothing without records', () => {
    expect(servedBefore([], 'a')).toEqual([]);
  });

  test('is the last first, each once', () => {
    expect(servedBefore([record('a'), record('b'), record('a'), record('c')], 'c')).toEqual(['a', 'b']);
  });

  test('leaves out what was gone back from', () => {
    expect(servedBefore([record('a'), record('b'), record('c'), record('b', 'rollback')], 'b')).toEqual(['a']);
  });

  test('takes a version that came again by promotion for a new release', () => {
    expect(servedBefore([record('a'), record('b'), record('a', 'promotion')], 'a')).toEqual(['b']);
  });

  test('keeps all if the live one left no record', () => {
    expect(servedBefore([record('a'), record('b')], 'x')).toEqual(['b', 'a']);
  });

  test('takes in a rollback to what left no record', () => {
    expect(servedBefore([record('b'), record('a', 'rollback'), record('c')], 'c')).toEqual(['a', 'b']);
  });
});
