import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import { InvalidInputError } from '../../../../core/invalid-input-error';
import { FakeAccount, fail, MODEL, packageArn, release } from './fake-account';

function promote(account: FakeAccount, ...more: string[]) {
  return release(account, 'promote', MODEL, ...more);
}

/** Version 1 serves; versions 2 and 3 are approved, version 4 is not. */
function withVersion1Live(): Promise<FakeAccount> {
  return new FakeAccount().register('Approved', 'Approved', 'Approved', 'PendingManualApproval').released(1);
}

describe('promote', () => {
  test('releases the newest approved version, and ends once it is live', async () => {
    const account = await withVersion1Live();
    const { text, notes, error } = await promote(account);
    expect(error).toBeUndefined();
    expect(account.aws.served).toBe(packageArn(3));
    expect(text).toMatch(
      /^Version 3 of flight-delay in dev is live\. Its evidence: s3:\/\/evidence-bucket\/.*Z-3\.json$/,
    );
    expect(notes).toEqual(['  0:00  version 3: stack UPDATE_IN_PROGRESS, endpoint InService']);
  });

  test('releases the version that is named, as a decision of its own kind', async () => {
    const account = await withVersion1Live();
    await promote(account, '2', '--reason', 'the newest one is slow', '--by', 'Grace');
    expect(account.state).toMatchObject({
      settled: true,
      decision: { modelPackage: packageArn(2), version: 2, kind: 'promotion', by: 'Grace' },
    });
    expect(account.state?.decision.reason).toBe('the newest one is slow');
  });

  test('gives a reason and a name where none is said', async () => {
    const account = await withVersion1Live();
    await promote(account);
    expect(account.state?.decision).toMatchObject({ by: 'ada', reason: 'promoted by hand' });
  });

  test('updates the stack in its release role', async () => {
    const account = await withVersion1Live();
    account.roles.length = 0;
    await promote(account);
    expect(account.roles).toEqual(['arn:aws:iam::111111111111:role/release']);
  });

  test('leaves the role to the stack where it names none', async () => {
    const account = await withVersion1Live();
    account.roles.length = 0;
    account.outputs = { EvidenceBucketName: 'evidence-bucket' };
    const { error } = await promote(account);
    expect(error).toBeUndefined();
    expect(account.roles).toEqual([undefined]);
    expect(account.published).toEqual([]);
  });

  test('prints one JSON object with --json', async () => {
    const { lines } = await promote(await withVersion1Live(), '--json');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      environment: 'dev',
      model: MODEL,
      modelPackage: packageArn(3),
      version: 3,
      kind: 'promotion',
      decidedAt: '2026-03-01T12:01:01Z',
      by: 'ada',
      reason: 'promoted by hand',
      outcome: 'released',
      why: null,
      evidence: 's3://evidence-bucket/releases/dev/flight-delay/20260301T120101Z-3.json',
    });
  });

  test('of the live version decides nothing', async () => {
    const account = await withVersion1Live();
    const { text, error } = await promote(account, '1');
    expect(error).toBeUndefined();
    expect(text).toBe('Version 1 of flight-delay in dev is live already; nothing was changed.');
    expect(account.state?.decision.by).toBe('bob');
  });

  test('of the live version is a decision if the parameter says otherwise', async () => {
    const account = await withVersion1Live();
    account.aws.parameter = packageArn(2);
    const { error } = await promote(account, '1');
    expect(error).toBeUndefined();
    expect(account.state?.decision.by).toBe('ada');
    expect(account.aws.parameter).toBe(packageArn(1));
  });

  test('settles the release itself where no handler does, and tells people', async () => {
    const account = await withVersion1Live();
    account.handlersRun = false;
    const { error, notes } = await promote(account);
    expect(error).toBeUndefined();
    expect(account.state).toMatchObject({ settled: true });
    expect(account.published).toMatchObject([{ Subject: 'flight-delay 3 released in dev' }]);
    expect(notes).toHaveLength(1);
  });

  test('ends well if people could not be told, and says so', async () => {
    const account = await withVersion1Live();
    account.handlersRun = false;
    account.aws.before = (call) =>
      call === 'publish' ? fail('AuthorizationError', 'not authorized')() : Promise.resolve();
    const { error, notes } = await promote(account);
    expect(error).toBeUndefined();
    expect(notes.at(-1)).toBe(
      'arn:aws:sns:eu-west-1:111111111111:alarms: was not told of the outcome, got not authorized',
    );
  });
});

describe('promote that comes to nothing', () => {
  test.each([
    [
      'rolls-back',
      'rolled-back',
      'was rolled back, got Endpoint: alarm ErrorRate went off; the release before serves on',
    ],
    ['silently-rolls-back', 'rolled-back', 'was rolled back, got the stack is UPDATE_COMPLETE, but the endpoint is'],
    ['rolls-back-badly', 'failed', 'failed, got the stack is UPDATE_ROLLBACK_FAILED'],
    ['is-refused', 'failed', 'failed, got Template error: unresolved condition'],
  ] as const)('fails when the update %s', async (fate, outcome, message) => {
    const account = await withVersion1Live();
    account.aws.fate = fate;
    const { error, lines } = await promote(account, '--json');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toContain(`flight-delay in dev: version 3 ${message}`);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ outcome, evidence: expect.stringContaining('Z-3.json') });
    expect(account.aws.served).toBe(packageArn(1));
  });

  test('is taken up again after it was cut off, not decided again', async () => {
    const account = await withVersion1Live();
    account.aws.fate = 'is-lost';
    const first = await promote(account);
    expect(first.error?.message).toBe('socket hang up');
    const decided = account.state?.decision;
    account.aws.fate = 'succeeds';
    account.aws.time += 5000;
    const second = await promote(account);
    expect(second.error).toBeUndefined();
    expect(account.state).toMatchObject({ settled: true, decision: decided });
    expect(account.aws.served).toBe(packageArn(3));
  });

  test('ends with in-progress once the wait is over', async () => {
    const account = await withVersion1Live();
    account.meanwhile = async () => undefined;
    const { error, lines, notes } = await promote(account, '--wait', '2', '--json');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toContain(
      'has no outcome within the wait, got version 3 is on its way; it goes on by itself',
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ outcome: 'in-progress', evidence: null });
    // Once a minute, though there is no news.
    expect(notes.map((note) => note.slice(0, 6))).toEqual(['  0:00', '  1:00', '  2:00']);
  });

  test('waits as long as two rollouts may take if no wait is given', async () => {
    const account = await withVersion1Live();
    account.meanwhile = async () => undefined;
    await promote(account);
    const waited = account.naps.reduce((sum, nap) => sum + nap, 0) / 60_000;
    expect(waited).toBeGreaterThan(60);
    expect(waited).toBeLessThan(600);
    expect(new Set(account.naps)).toEqual(new Set([10_000]));
  });

  test('leaves the stack on its way with --no-wait', async () => {
    const account = await withVersion1Live();
    const { text, error } = await promote(account, '--no-wait');
    expect(error).toBeUndefined();
    expect(text).toBe(
      'version 3 is on its way. Its outcome will be in: npx mlops release history flight-delay --env dev',
    );
    expect(account.aws.isUpdating).toBe(true);
  });
});

describe('promote while something else is on its way', () => {
  test('waits for its turn', async () => {
    const account = await withVersion1Live();
    await account.begin(2);
    const { error, notes } = await promote(account);
    expect(error).toBeUndefined();
    expect(notes[0]).toBe('  0:00  version 3 waits for its turn: version 2 is on its way');
    expect(account.aws.served).toBe(packageArn(3));
  });

  test('fails at once with --no-wait, and has changed nothing', async () => {
    const account = await withVersion1Live();
    await account.begin(2);
    const { error } = await promote(account, '--no-wait');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toContain(
      'version 3 has to wait for its turn, got version 2 is on its way; try again once that has ended',
    );
    expect(account.state?.decision.version).toBe(2);
  });

  test('fails when its turn does not come within the wait', async () => {
    const account = await withVersion1Live();
    account.aws.deployInfrastructure();
    account.meanwhile = async () => undefined;
    const { error, lines } = await promote(account, '--wait', '1', '--json');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ outcome: 'busy', why: 'the stack is UPDATE_IN_PROGRESS' });
  });

  test('gives way to a later decision', async () => {
    const account = await withVersion1Live();
    await account.begin(2);
    account.meanwhile = async () => {
      account.aws.endUpdate();
      await account.release(1, 'rollback');
    };
    const { error } = await promote(account);
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toMatch(/version 3 gave way to a later decision, got version 1, rollback by bob at 2026/);
  });

  test('is dropped if the version is rejected meanwhile', async () => {
    const account = await withVersion1Live();
    await account.begin(2);
    account.meanwhile = async () => void account.aws.approvals.set(packageArn(3), 'Rejected');
    const { error, lines } = await promote(account, '--json');
    expect(error?.message).toContain('version 3 must be approved to serve, got version 3 is Rejected; approve it');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ outcome: 'withdrawn' });
  });

  test('reports its own outcome when another release has begun since', async () => {
    const account = await withVersion1Live();
    account.meanwhile = async () => {
      account.aws.endUpdate();
      await account.runHandlers();
      await account.begin(2);
    };
    const { error, text } = await promote(account);
    expect(error).toBeUndefined();
    expect(text).toContain('Version 3 of flight-delay in dev is live');
    expect(account.naps).toHaveLength(1);
  });
});

describe('wrong input of promote', () => {
  test.each([
    ['a version that is not approved', '4', 'VERSION: must be approved to serve, got 4 (PendingManualApproval)'],
    ['a version that does not exist', '5', 'VERSION: no such version, got 5; choose from 4 (PendingManualApproval), 3'],
  ])('refuses %s', async (_, version, message) => {
    const account = await withVersion1Live();
    const { error } = await promote(account, version);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error?.message).toContain(message);
    expect(account.state?.decision.version).toBe(1);
  });

  test('says what there is if nothing is approved', async () => {
    const { error } = await promote(new FakeAccount().register('Rejected'));
    expect(error?.message).toBe('VERSION: no version is approved, got none; choose from 1 (Rejected)');
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
  });

  test.each(['0', '-1', '1.5', '10001', 'NaN', 'long', ''])('refuses to wait %p minutes', async (minutes) => {
    const { error } = await promote(await withVersion1Live(), '--wait', minutes);
    expect(error?.message).toBe(
      `--wait: must be a whole number of minutes from 1 to 10000, got ${minutes}; leave it out to wait as long as the rollout may take, or give --no-wait`,
    );
  });
});
