import { releaseStateStore } from '../../../../core/release/aws/release-records';
import type { ReleaseState } from '../../../../core/release/release-state';
import { BUCKET, FakeAws, packageArn } from './fake-aws';

const state: ReleaseState = {
  schema: 1,
  decision: {
    modelPackage: packageArn(1),
    version: 1,
    kind: 'approval',
    decidedAt: '2026-03-01T12:00:00Z',
    by: 'ada',
    reason: 'good',
  },
  settled: false,
  outcome: null,
  startedAt: '2026-03-01T12:00:00Z',
  previous: 'none',
  live: 'none',
};

describe('the state of a release', () => {
  test('is replaced by whoever is first of those who read the same', async () => {
    const store = releaseStateStore(new FakeAws().s3, BUCKET, 'dev', 'churn');
    expect(await store.replace(state, undefined)).toBe(true);
    expect(await store.replace(state, undefined)).toBe(false);
    const tag = (await store.load())?.tag;
    expect(await store.replace({ ...state, settled: true, outcome: 'failed' }, tag)).toBe(true);
    expect(await store.replace({ ...state, live: packageArn(9) }, tag)).toBe(false);
    expect((await store.load())?.state.outcome).toBe('failed');
  });
});
