import { type ManifestRecord, manifestKey, SealedManifestRecord } from '../../../../core/release/manifest-record';
import { isIntact, seal } from '../../../../core/release/seal';

const record: ManifestRecord = {
  schema: 1,
  environment: 'dev',
  model: 'churn',
  change: 'step',
  version: 3,
  modelPackage: null,
  file: 'config/releases/dev.json',
  before: { candidate: { step: 0 } },
  after: { candidate: { step: 1 } },
  by: 'ada',
  reason: 'good so far',
  decidedAt: '2026-11-26T05:00:00Z',
};

describe('the record of what manifests shall say', () => {
  test('is intact until something in it changes', () => {
    const sealed = SealedManifestRecord.parse(JSON.parse(JSON.stringify(seal(record))));
    expect(isIntact(sealed)).toBe(true);
    expect(isIntact({ ...sealed, by: 'eve' })).toBe(false);
    expect(isIntact({ ...sealed, after: { candidate: { step: 2 } } })).toBe(false);
  });

  test('has a place beside the releases of the model, one for each change of a second', () => {
    expect(manifestKey(record)).toMatch(/^releases\/dev\/churn\/manifests\/20261126T050000Z-step-[0-9a-f]{8}\.json$/);
    expect(manifestKey(record)).toBe(manifestKey({ ...record }));
    expect(manifestKey({ ...record, after: {} })).not.toBe(manifestKey(record));
  });
});
