import { CommanderError } from 'commander';
import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import { InvalidInputError } from '../../../../core/invalid-input-error';
import { FakeAccount, MODEL, packageArn, release } from './fake-account';

const REASON = ['--reason', 'beats the champion by a point'];

function approve(account: FakeAccount, version: string, ...more: string[]) {
  return release(account, 'approve', MODEL, version, ...REASON, ...more);
}

/** Version 1 serves, version 2 waits for a yes. */
function withPendingVersion2(): Promise<FakeAccount> {
  return new FakeAccount().register('Approved', 'PendingManualApproval').released(1);
}

describe('approve', () => {
  test('says yes under the name and with the reason of whoever decides, and keeps what was known', async () => {
    const account = await withPendingVersion2();
    await approve(account, '2');
    expect(account.changes).toEqual([
      {
        ModelPackageArn: packageArn(2),
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: 'beats the champion by a point',
        CustomerMetadataProperties: { roc_auc: '0.69', data_sha256: 'abc', 'approved-by': 'ada' },
      },
    ]);
  });

  test('shows what is approved, and ends once it is live', async () => {
    const account = await withPendingVersion2();
    const { text, notes, error } = await approve(account, '2');
    expect(error).toBeUndefined();
    expect(account.aws.served).toBe(packageArn(2));
    expect(text).toContain('Version 2 of flight-delay in dev is approved');
    expect(text).toContain(
      'by ada, arn:aws:sts::111111111111:assumed-role/approver/ada: beats the champion by a point',
    );
    expect(text).toMatch(/^ {2}roc_auc {6}0\.69$/m);
    expect(text).not.toContain('approved-by');
    expect(text).toMatch(/Version 2 of flight-delay in dev is live\. Its evidence: s3:\/\/evidence-bucket\/releases\//);
    expect(notes.join('\n')).toContain('version 2 is approved, and has not been taken up yet');
    expect(notes.join('\n')).toContain('version 2 is on its way: endpoint InService');
  });

  test('takes another name from --by', async () => {
    const account = await withPendingVersion2();
    await approve(account, '2', '--by', 'Zoë of risk');
    expect(account.changes[0]?.CustomerMetadataProperties).toMatchObject({ 'approved-by': 'Zoë of risk' });
  });

  test('prints one JSON object with --json', async () => {
    const { lines } = await approve(await withPendingVersion2(), '2', '--json');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      environment: 'dev',
      model: MODEL,
      version: 2,
      modelPackage: packageArn(2),
      approval: 'Approved',
      changed: true,
      by: 'ada, arn:aws:sts::111111111111:assumed-role/approver/ada',
      reason: 'beats the champion by a point',
      metricsUri: null,
      metadata: { roc_auc: '0.69', data_sha256: 'abc', 'approved-by': 'ada' },
      release: { outcome: 'released', why: null, evidence: expect.stringMatching(/Z-2\.json$/) },
    });
  });

  test.each([
    ['rolls-back', 'rolled-back', 'version 2 was rolled back, got Endpoint: alarm ErrorRate went off'],
    ['is-refused', 'failed', 'version 2 failed, got Template error'],
  ] as const)('fails with the reason if the promotion %s', async (fate, outcome, message) => {
    const account = await withPendingVersion2();
    account.aws.fate = fate;
    const { error, lines } = await approve(account, '2', '--json');
    expect(error?.message).toContain(message);
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ approval: 'Approved', release: { outcome } });
    expect(account.aws.served).toBe(packageArn(1));
  });

  test('leaves at once with --no-wait', async () => {
    const account = await withPendingVersion2();
    const { text, error } = await approve(account, '2', '--no-wait');
    expect(error).toBeUndefined();
    expect(account.naps).toEqual([]);
    expect(text).toContain(
      'The approval promotes it. Its outcome will be in: npx mlops release history flight-delay --env dev',
    );
  });

  test('gives up after --wait, and says that the release goes on by itself', async () => {
    const account = await withPendingVersion2();
    account.handlersRun = false;
    const { error, lines } = await approve(account, '2', '--wait', '1', '--json');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toBe(
      'flight-delay in dev: version 2 has no outcome within the wait, got version 2 is approved, and has not been taken up yet; it goes on by itself, see npx mlops release history flight-delay --env dev',
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ release: { outcome: 'in-progress' } });
    expect(account.naps.reduce((sum, nap) => sum + nap, 0)).toBe(60_000);
  });

  test('waits for a release that is ahead of it', async () => {
    const account = new FakeAccount().register('Approved', 'Approved', 'PendingManualApproval');
    await account.released(1);
    await account.begin(2);
    const { notes, error } = await approve(account, '3');
    expect(error).toBeUndefined();
    expect(notes[0]).toContain('version 3 waits for its turn: version 2 is on its way');
    expect(account.aws.served).toBe(packageArn(3));
  });

  test('says so when a later decision counts', async () => {
    const account = await withPendingVersion2();
    account.meanwhile = () => account.release(1, 'rollback');
    const { error } = await approve(account, '2');
    expect(error?.message).toMatch(
      /version 2 gave way to a later decision, got version 1, rollback by bob at 2026-03-01T12:01:11Z; decide anew/,
    );
  });

  test.each([
    ['Rejected', 'version 2 is Rejected'],
    [undefined, 'version 2 is gone'],
  ])('says so when the version becomes %s meanwhile', async (status, why) => {
    const account = await withPendingVersion2();
    account.meanwhile = async () => {
      if (status) account.aws.approvals.set(packageArn(2), status);
      else account.aws.approvals.delete(packageArn(2));
    };
    const { error } = await approve(account, '2');
    expect(error?.message).toContain(`version 2 must be approved to serve, got ${why}`);
    expect(exitCodeOf(error)).toBe(EXIT.failed);
  });
});

describe('approve of an approved version', () => {
  test('sends nothing, and says who said yes and why', async () => {
    const account = await new FakeAccount().register('Approved').released(1);
    const { text, error } = await approve(account, '1');
    expect(error).toBeUndefined();
    expect(account.changes).toEqual([]);
    expect(account.naps).toEqual([]);
    expect(text).toContain('is approved already, nothing was changed');
    expect(text).toContain('by arn:aws:sts::111111111111:assumed-role/approver/ada: beats the champion');
    expect(text).toContain('npx mlops release promote flight-delay 1 --env dev');
  });

  test('follows the promotion if it is on its way: an approval that was cut off', async () => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(1);
    await account.begin(2);
    const { error, lines } = await approve(account, '2', '--json');
    expect(error).toBeUndefined();
    expect(account.changes).toEqual([]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ changed: false, release: { outcome: 'released' } });
  });

  test('that was rejected meanwhile is approved anew, and its new promotion is followed', async () => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(1);
    account.aws.fate = 'rolls-back';
    await account.release(2);
    account.aws.fate = 'succeeds';
    account.aws.approvals.set(packageArn(2), 'Rejected');
    const { error } = await approve(account, '2');
    expect(error).toBeUndefined();
    expect(account.changes).toHaveLength(1);
    expect(account.aws.served).toBe(packageArn(2));
  });
});

describe('wrong input of approve', () => {
  test.each(['0', '-1', '3', '1.5', '01', 'latest', '', 'NaN'])(
    'refuses version %p and lists those that exist',
    async (text) => {
      const account = await withPendingVersion2();
      const { error } = await approve(account, text);
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error?.message).toBe(
        `VERSION: no such version, got ${text}; choose from 2 (PendingManualApproval), 1 (Approved)`,
      );
      expect(account.changes).toEqual([]);
    },
  );

  test('says how to get a version where there is none', async () => {
    const { error } = await approve(new FakeAccount(), '1');
    expect(error?.message).toBe('VERSION: no such version, got 1; run the pipeline, which registers one');
  });

  test('needs a reason', async () => {
    const account = await withPendingVersion2();
    const { error } = await release(account, 'approve', MODEL, '2');
    expect(error).toBeInstanceOf(CommanderError);
    expect(error?.message).toContain("required option '--reason <text>' not specified");
    expect(account.changes).toEqual([]);
  });

  test.each(['', '  ', 'two\nlines', 'x'.repeat(1025)])('refuses reason %#', async (reason) => {
    const account = await withPendingVersion2();
    const { error } = await release(account, 'approve', MODEL, '2', '--reason', reason);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error?.message).toMatch(/^--reason: must be one line of 1 to 1024 characters, got /);
    expect(account.changes).toEqual([]);
  });

  test('takes a reason of 1024 characters', async () => {
    const account = await withPendingVersion2();
    await release(account, 'approve', MODEL, '2', '--reason', 'x'.repeat(1024), '--no-wait');
    expect(account.changes).toHaveLength(1);
  });

  test.each(['', 'a\\b', 'x'.repeat(257)])('refuses name %#', async (name) => {
    const account = await withPendingVersion2();
    const { error } = await approve(account, '2', '--by', name);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error?.message).toMatch(/^--by: must be 1 to 256 letters/);
    expect(account.changes).toEqual([]);
  });

  test('names the models that exist', async () => {
    const { error } = await release(new FakeAccount(), 'approve', 'nope', '2', ...REASON);
    expect(error?.message).toMatch(/^MODEL: no such model in dev, got nope; choose from /);
  });
});

describe('reject', () => {
  const reject = (account: FakeAccount, version: string, ...more: string[]) =>
    release(account, 'reject', MODEL, version, '--reason', 'worse on cargo flights', ...more);

  test('says no, and waits for nothing', async () => {
    const account = await withPendingVersion2();
    const { text, notes, error } = await reject(account, '2');
    expect(error).toBeUndefined();
    expect(account.changes).toMatchObject([
      { ModelApprovalStatus: 'Rejected', ApprovalDescription: 'worse on cargo flights' },
    ]);
    expect(account.naps).toEqual([]);
    expect(notes).toEqual([]);
    expect(text).toContain(
      'Version 2 of flight-delay in dev is rejected\n  by ada, arn:aws:sts::111111111111:assumed-role/approver/ada: worse on cargo flights',
    );
  });

  test('of a rejected version sends nothing', async () => {
    const account = new FakeAccount().register('Rejected');
    const { lines } = await reject(account, '1', '--json');
    expect(account.changes).toEqual([]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ approval: 'Rejected', changed: false, release: null });
  });

  test('of the live version says that it goes on serving, and how to go back', async () => {
    const account = await withPendingVersion2();
    const { notes } = await reject(account, '1');
    expect(notes).toEqual(['Version 1 goes on serving. To go back: npx mlops release rollback flight-delay --env dev']);
    expect(account.aws.served).toBe(packageArn(1));
  });
});
