import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pruneState } from '../../../../local/prune/prune-state';
import { StateDirectory } from '../../../../local/state-directory';

const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const USED_BEFORE = Date.parse('2026-06-01T00:00:00Z');
const LATELY = new Date(USED_BEFORE);
const TAG = 'ab'.repeat(32);
const URI = 's3://bucket/model.tar.gz';

describe('what a local environment holds', () => {
  let state: StateDirectory;
  beforeEach(() => {
    state = new StateDirectory(mkdtempSync(join(tmpdir(), 'prune-state-')));
  });
  afterEach(() => rmSync(state.root, { recursive: true, force: true }));

  const write = (file: string, text: string, time = LONG_AGO) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, time, time);
  };
  const record = (kind: string, text: string, time?: Date) =>
    write(join(state.sagemaker, kind, 'one.json'), JSON.stringify({ member: text }), time);
  const image = (time?: Date) => {
    write(join(state.images, TAG, 'program', 'train.py'), 'x'.repeat(5_000));
    write(join(state.images, `${TAG}.json`), '{}', time);
  };
  const artifacts = () => join(state.sagemaker, 'model-artifact');
  const artifact = (uri = URI, content = 'etag-1.tar.gz', time = LONG_AGO) => {
    write(join(artifacts(), content), 'model', time);
    write(join(artifacts(), `${createHash('sha256').update(uri).digest('hex')}.last`), content, time);
  };
  const prune = (dryRun = false) => pruneState(state, { usedBefore: USED_BEFORE, dryRun });

  test('is empty at first', () => {
    expect(prune()).toEqual([]);
  });

  test('has images that nothing names, which go with their programs', () => {
    image();
    const [pruned, ...others] = prune(true);
    expect(pruned).toMatchObject({ kind: 'image', path: join(state.images, `${TAG}.json`) });
    expect(pruned?.bytes).toBeGreaterThanOrEqual(5_000);
    expect(others).toEqual([]);
    expect(existsSync(join(state.images, TAG))).toBe(true);
    expect(prune()).toEqual([pruned]);
    expect(readdirSync(state.images)).toEqual([]);
  });

  test.each(['models', 'model-packages', 'pipelines', 'endpoint-configs'])('keeps images that %s name', (kind) => {
    image();
    record(kind, `000000000000.dkr.ecr.us-east-1.amazonaws.com/assets:${TAG}`);
    expect(prune()).toEqual([]);
  });

  test.each(['training-job', 'processing-job', 'pipeline-execution-definitions', 'pipeline-step-cache'])(
    'keeps images that %s name as long as that is new',
    (kind) => {
      image();
      record(kind, `assets:${TAG}`, LATELY);
      expect(prune(true)).toEqual([]);
      record(kind, `assets:${TAG}`, LONG_AGO);
      expect(prune(true)).toHaveLength(1);
    },
  );

  test('keeps images that were built lately', () => {
    image(LATELY);
    expect(prune()).toEqual([]);
  });

  test('has copies of model artefacts that nothing names, which go with what leads to them', () => {
    artifact();
    expect(prune().map(({ kind }) => kind)).toEqual(['model-artifact', 'model-artifact']);
    expect(readdirSync(artifacts())).toEqual([]);
  });

  test('keeps the copies that a model names, also where another address has the same content', () => {
    artifact();
    artifact('s3://bucket/other.tar.gz');
    record('models', URI);
    expect(prune()).toHaveLength(1);
    expect(readdirSync(artifacts()).sort()).toEqual([
      `${createHash('sha256').update(URI).digest('hex')}.last`,
      'etag-1.tar.gz',
    ]);
  });

  test('keeps the copies that were fetched lately', () => {
    artifact(URI, 'etag-1.tar.gz', LATELY);
    expect(prune()).toEqual([]);
  });
});
