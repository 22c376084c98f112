import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import type { HistoryReport } from '../../../../cli/release/history-report';
import { type ManifestRecord, manifestKey } from '../../../../core/release/manifest-record';
import { seal } from '../../../../core/release/seal';
import { FakeAccount, MODEL, packageArn, release } from './fake-account';

function history(account: FakeAccount, ...more: string[]) {
  return release(account, 'history', MODEL, ...more);
}

async function historyJson(account: FakeAccount, ...more: string[]): Promise<HistoryReport> {
  const { lines, error } = await history(account, '--json', ...more);
  expect(error).toBeUndefined();
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as HistoryReport;
}

/** Versions 1 and 3 were released, version 2 was rolled back. */
async function threeDecisions(): Promise<FakeAccount> {
  const account = await new FakeAccount().register('Approved', 'Approved', 'Approved').released(1);
  account.aws.fate = 'rolls-back';
  await account.release(2);
  account.aws.fate = 'succeeds';
  await account.release(3, 'promotion');
  return account;
}

/** Changes the text of a version's record. */
function tamper(account: FakeAccount, version: number, change: (body: string) => string): void {
  for (const [key, object] of account.aws.objects) {
    if (key.endsWith(`-${version}.json`)) account.aws.objects.set(key, { ...object, body: change(object.body) });
  }
}

describe('history', () => {
  test('before the first release is empty, and no error', async () => {
    const account = new FakeAccount();
    expect(await historyJson(account)).toEqual({
      environment: 'dev',
      model: MODEL,
      endpoint: { name: 'dev-flight-delay', status: 'Missing', modelPackage: 'none', version: null },
      releaseParameter: 'none',
      inProgress: null,
      releases: [],
      omitted: 0,
      manifests: [],
      omittedManifests: 0,
    });
    expect((await history(account)).text).toContain(
      '  live        nothing, endpoint dev-flight-delay is Missing\n  meant to be nothing, by the release parameter\n  No release has been decided yet.',
    );
  });

  test('lists decisions newest first, with outcome, reason and failure', async () => {
    const { releases } = await historyJson(await threeDecisions());
    expect(releases.map(({ version, outcome, kind, live }) => ({ version, outcome, kind, live }))).toEqual([
      { version: 3, outcome: 'released', kind: 'promotion', live: true },
      { version: 2, outcome: 'rolled-back', kind: 'approval', live: false },
      { version: 1, outcome: 'released', kind: 'approval', live: false },
    ]);
    expect(releases[1]).toEqual({
      version: 2,
      outcome: 'rolled-back',
      kind: 'approval',
      decidedAt: '2026-03-01T12:01:01Z',
      by: 'bob',
      reason: 'beats the champion',
      judgement: null,
      notJudged: null,
      failure: 'Endpoint: alarm ErrorRate went off',
      live: false,
      evidence: 's3://evidence-bucket/releases/dev/flight-delay/20260301T120101Z-2.json',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      intact: true,
      fault: null,
    });
  });

  test('says what is live and what is meant to be', async () => {
    const account = await threeDecisions();
    account.aws.parameter = packageArn(2);
    expect(await historyJson(account)).toMatchObject({
      endpoint: { status: 'InService', modelPackage: packageArn(3), version: 3 },
      releaseParameter: packageArn(2),
    });
    expect((await history(account)).text).toContain(
      '  live        version 3, endpoint dev-flight-delay is InService\n  meant to be version 2, by the release parameter',
    );
  });

  test('reads well for a person', async () => {
    const { text } = await history(await threeDecisions());
    expect(text).toMatch(/2026-03-01T12:02:02Z {2}version 3 {2}released {2}.*● live/);
    expect(text).toContain(
      [
        '  2026-03-01T12:01:01Z  version 2  rolled-back',
        '              approval by bob: beats the champion',
        '              failure: Endpoint: alarm ErrorRate went off',
      ].join('\n'),
    );
    expect(text.match(/● live/g)).toHaveLength(1);
    expect(text).not.toContain('NOT TO BE TRUSTED');
  });

  test('names a release that is on its way', async () => {
    const account = await threeDecisions();
    await account.begin(1, 'rollback');
    expect((await historyJson(account)).inProgress).toMatchObject({ version: 1, kind: 'rollback', by: 'bob' });
    expect((await history(account)).text).toContain('  on its way  version 1, rollback by bob at 2026-03-01T12:03:03Z');
  });

  test('marks only the newest of the records of what is live', async () => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(1, 2, 1);
    const { releases } = await historyJson(account);
    expect(releases.map(({ live }) => live)).toEqual([true, false, false]);
  });
});

describe('the history of manifests', () => {
  const sealed = (change: ManifestRecord['change'], decidedAt: string, step?: number) =>
    seal<ManifestRecord>({
      schema: 1,
      environment: 'dev',
      model: MODEL,
      change,
      version: 7,
      modelPackage: null,
      file: 'config/releases/dev.json',
      before: {},
      after: step === undefined ? {} : { candidate: { step } },
      by: 'ada',
      reason: 'no errors in an hour',
      decidedAt,
    });

  async function account(): Promise<FakeAccount> {
    const made = await threeDecisions();
    for (const { sha256, ...record } of [
      sealed('release', '2026-03-02T12:00:00Z', 0),
      sealed('step', '2026-03-02T13:00:00Z', 1),
      sealed('back', '2026-03-02T12:30:00Z'),
    ]) {
      await made.ports.evidence.keepManifest(manifestKey(record), { ...record, sha256 });
    }
    return made;
  }

  test('is listed newest first, beside the releases on SageMaker', async () => {
    const { releases, manifests, omittedManifests } = await historyJson(await account());
    expect(releases).toHaveLength(3);
    expect(manifests.map(({ change, step }) => ({ change, step }))).toEqual([
      { change: 'step', step: 1 },
      { change: 'back', step: null },
      { change: 'release', step: 0 },
    ]);
    expect(omittedManifests).toBe(0);
    expect(manifests[0]).toMatchObject({ version: 7, by: 'ada', reason: 'no errors in an hour', intact: true });
    expect(manifests[0]?.evidence).toMatch(
      /^s3:\/\/evidence-bucket\/releases\/dev\/flight-delay\/manifests\/20260302T130000Z-step-[0-9a-f]{8}\.json$/,
    );
  });

  test('is cut by the limit, and reads well for a person', async () => {
    const { text } = await history(await account(), '--limit', '1');
    expect(text).toContain(
      [
        'Manifests of flight-delay in dev',
        '',
        '  2026-03-02T13:00:00Z  step  version 7  candidate with step 1',
        '              by ada: no errors in an hour',
      ].join('\n'),
    );
    expect(text).toContain('  … and 2 earlier');
    expect(text).not.toContain('12:30:00Z');
  });

  test('says which records are not to be trusted', async () => {
    const made = await account();
    const [step = '', back = ''] = [...made.aws.objects.keys()].filter((key) => /-(step|back)-/.test(key));
    const object = made.aws.objects.get(step);
    if (!object) throw new Error('no record of a step');
    made.aws.objects.set(step, { ...object, body: object.body.replace('ada', 'eve') });
    made.aws.objects.set(back, { ...object, body: 'rubbish' });
    made.aws.objects.set(step.replace('T13', 'T14'), object);
    const { manifests } = await historyJson(made);
    expect(manifests.map(({ fault }) => fault)).toEqual([
      'belongs to another place',
      'was changed after it was sealed',
      'is not a record that this version can read',
      null,
    ]);
    expect((await history(made)).text.match(/NOT TO BE TRUSTED/g)).toHaveLength(3);
  });
});

describe('evidence that is not as it was sealed', () => {
  test('is marked when a fact was changed', async () => {
    const account = await threeDecisions();
    tamper(account, 2, (body) => body.replace('rolled-back', 'released'));
    const { releases } = await historyJson(account);
    expect(releases.map(({ intact, fault }) => ({ intact, fault }))).toEqual([
      { intact: true, fault: null },
      { intact: false, fault: 'was changed after it was sealed' },
      { intact: true, fault: null },
    ]);
    expect((await history(account)).text).toContain('NOT TO BE TRUSTED: was changed after it was sealed');
  });

  test('is marked when it was put in the place of another decision', async () => {
    const account = await threeDecisions();
    const [, first] = [...account.aws.objects].find(([key]) => key.endsWith('-1.json')) ?? [];
    tamper(account, 2, () => first?.body ?? '');
    const { releases } = await historyJson(account);
    expect(releases[1]).toMatchObject({ intact: false, fault: 'belongs to version 1 of dev-flight-delay' });
  });

  test.each([
    ['no JSON', 'gone'],
    ['another thing', '{"schema":1}'],
  ])('is marked when it is %s, and the others are listed', async (_, body) => {
    const account = await threeDecisions();
    tamper(account, 2, () => body);
    const { releases } = await historyJson(account);
    expect(releases.map(({ version }) => version)).toEqual([3, null, 1]);
    expect(releases[1]).toMatchObject({
      outcome: null,
      intact: false,
      fault: 'is not a record that this version can read',
    });
    expect((await history(account)).text).toContain('(unreadable record)');
  });
});

describe('--limit', () => {
  test('leaves out the earliest, and says how many', async () => {
    const account = await threeDecisions();
    const { releases, omitted } = await historyJson(account, '--limit', '1');
    expect(releases.map(({ version }) => version)).toEqual([3]);
    expect(omitted).toBe(2);
    expect((await history(account, '--limit', '2')).text).toContain('… and 1 earlier; --limit 3 shows them all');
  });

  test('is 20 unless it is given', async () => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(...Array<number>(21).fill(1));
    const { releases, omitted } = await historyJson(account);
    expect(releases).toHaveLength(20);
    expect(omitted).toBe(1);
  });

  test.each(['0', '-1', '1.5', 'NaN', 'all', ''])('refuses %p', async (limit) => {
    const { error } = await history(new FakeAccount(), '--limit', limit);
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toBe(`--limit: must be a whole number from 1, got ${limit}; leave it out for 20`);
  });
});
