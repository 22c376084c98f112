import { compareVersions } from '../../../../cli/release/diff/compare-versions';
import type { Diff } from '../../../../cli/release/diff/print-diff';
import type { VersionFacts } from '../../../../cli/release/diff/version-facts';
import { InvalidInputError } from '../../../../core/invalid-input-error';
import { exampleSummary } from '../../local/report/example-summary';
import { FakeAccount, MODEL, packageArn, release } from './fake-account';

const diff = (account: FakeAccount, ...more: string[]) => release(account, 'diff', MODEL, ...more);

async function diffJson(account: FakeAccount, ...more: string[]): Promise<Diff> {
  const { lines, error } = await diff(account, ...more, '--json');
  expect(error).toBeUndefined();
  return JSON.parse(lines[0] ?? '') as Diff;
}

/** Gives a version an evaluation, a training job and a commit. */
function describeVersion(account: FakeAccount, version: number, rocAuc: number, hyperparameters = {}): void {
  account.packages.set(packageArn(version), {
    CreationTime: new Date(Date.UTC(2026, 1, version)),
    InferenceSpecification: {
      Containers: [{ Image: `images:${version}`, ModelDataUrl: `s3://models/job-${version}/output/model.tar.gz` }],
    },
    ModelMetrics: { ModelQuality: { Statistics: { S3Uri: `s3://models/evaluation-${version}.json` } } },
    MetadataProperties: { CommitId: `commit-${version}` },
  });
  account.trainingJobs.set(`job-${version}`, {
    sagemaker_program: 'train.py',
    _tuning_objective_metric: 'roc_auc',
    ...hyperparameters,
  });
  const { evaluation } = exampleSummary;
  const metrics = { roc_auc: { value: rocAuc, low: rocAuc - 0.01, high: rocAuc + 0.01 } };
  const body = JSON.stringify({ ...evaluation, metrics, data_sha256: String(version).repeat(64) });
  account.aws.objects.set(`evaluation-${version}.json`, { body, etag: '1' });
}

async function twoVersions(): Promise<FakeAccount> {
  const account = await new FakeAccount().register('Approved', 'PendingManualApproval').released(1);
  describeVersion(account, 1, 0.7, { depth: '4', seed: '1' });
  describeVersion(account, 2, 0.75, { depth: '8', seed: '1' });
  return account;
}

describe('diff', () => {
  test('goes from the live version to the newest other one', async () => {
    const { from, to, live } = await diffJson(await twoVersions());
    expect([from.version, to.version, live]).toEqual([1, 2, 1]);
  });

  test('compares metrics with their intervals, data, commit, image and hyperparameters', async () => {
    const { comparison } = await diffJson(await twoVersions(), '2');
    expect(comparison.metrics).toEqual([
      {
        metric: 'roc_auc',
        from: { value: 0.7, low: 0.69, high: 0.71 },
        to: { value: 0.75, low: 0.74, high: 0.76 },
        change: expect.closeTo(0.05),
        overlaps: false,
      },
    ]);
    expect(comparison.facts.filter(({ changed }) => changed).map(({ fact, from, to }) => [fact, from, to])).toEqual([
      ['approval', 'Approved', 'PendingManualApproval'],
      ['registered', '2026-02-01T00:00:00.000Z', '2026-02-02T00:00:00.000Z'],
      ['commit', 'commit-1', 'commit-2'],
      ['data sha256', '1'.repeat(64), '2'.repeat(64)],
      ['artefact', 's3://models/job-1/output/model.tar.gz', 's3://models/job-2/output/model.tar.gz'],
      ['image', 'images:1', 'images:2'],
    ]);
    expect(comparison.hyperparameters).toEqual([
      { fact: 'depth', from: '4', to: '8', changed: true },
      { fact: 'seed', from: '1', to: '1', changed: false },
    ]);
    expect(comparison.caution).toBe('the metrics were measured on different data');
  });

  test('prints what changed before what is the same', async () => {
    const { text } = await diff(await twoVersions(), '1', '2');
    expect(text).toContain('flight-delay in dev: version 1 (live) to version 2');
    expect(text).toContain(
      'roc_auc  0.7000 [0.6900, 0.7100]  to  0.7500 [0.7400, 0.7600]  +0.0500, beyond the intervals',
    );
    expect(text).toContain('    hyperparameter depth\n      - 4\n      + 8');
    expect(text).toContain('  the same: model sha256, held-out rows, hyperparameter seed');
  });

  test('takes any two versions, in either direction', async () => {
    const { from, to } = await diffJson(await twoVersions(), '2', '1');
    expect([from.version, to.version]).toEqual([2, 1]);
  });

  test('shows what there is of a version that has no evaluation and no training job', async () => {
    const account = await new FakeAccount().register('Approved', 'Approved').released(1);
    describeVersion(account, 1, 0.7);
    const { to, comparison } = await diffJson(account);
    expect(to).toMatchObject({ evaluation: null, hyperparameters: null, commit: null, dataSha256: 'abc', faults: [] });
    expect(comparison.caution).toBe('no evaluation of version 2');
    expect(comparison.metrics).toMatchObject([{ metric: 'roc_auc', to: null, change: null, overlaps: null }]);
  });

  test('says what could not be read, and goes on', async () => {
    const account = await twoVersions();
    account.aws.objects.set('evaluation-2.json', { body: '{"rows":"many"}', etag: '2' });
    const { to } = await diffJson(account);
    expect(to.faults).toEqual([expect.stringMatching(/^version 2: its evaluation can't be read, got/)]);
    expect(to.hyperparameters).toEqual({ depth: '8', seed: '1' });
  });

  test.each([
    ['a version that does not exist', ['7'], 'no such version, got 7'],
    ['a word', ['1', 'newest'], 'no such version, got newest'],
  ])('refuses %s', async (_, words, message) => {
    const { error } = await diff(await twoVersions(), ...words);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error?.message).toContain(message);
  });

  test('refuses to compare the only version with nothing, or nothing with one', async () => {
    const only = await diff(await new FakeAccount().register('Approved').released(1));
    expect(only.error?.message).toContain('there is no other version to compare with');
    const none = await diff(new FakeAccount().register('Approved'), '1');
    expect(none.error?.message).toContain('nothing serves to compare with');
  });
});

describe('metrics of two versions', () => {
  const facts = (value: number, low: number, high: number): VersionFacts =>
    ({
      evaluation: { ...exampleSummary.evaluation, metrics: { auc: { value, low, high } } },
    }) as unknown as VersionFacts;

  test.each([
    ['touch', facts(0.7, 0.6, 0.8), facts(0.85, 0.8, 0.9), true],
    ['do not touch', facts(0.7, 0.6, 0.79), facts(0.85, 0.8, 0.9), false],
    ['do not touch the other way round', facts(0.85, 0.8, 0.9), facts(0.7, 0.6, 0.79), false],
    ['lie in each other', facts(0.7, 0.6, 0.8), facts(0.71, 0.7, 0.72), true],
  ])('whose intervals %s', (_, from, to, overlaps) => {
    expect(compareVersions(from, to).metrics[0]).toMatchObject({ overlaps });
  });
});
