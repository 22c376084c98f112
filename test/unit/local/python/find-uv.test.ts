import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findUv } from '../../../../local/python/find-uv';

describe('the uv of the user', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'uv-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const withUv = (script: string) => {
    writeFileSync(join(folder, 'uv'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return findUv({ PATH: folder });
  };

  test.each(['uv 0.8.0', 'uv 0.13.9 (6f1ad3cd3 2026-11-02)', 'uv 1.0.0', 'uv 2.1.7'])('is taken: %s', async (said) => {
    expect(await withUv(`echo '${said}'`)).toBe('uv');
  });

  test.each(['uv 0.7.22', 'uv 0.0.99', 'uvx 0.13.9', 'uv', ''])(
    'is left where it is too old, or something else: "%s"',
    async (said) => {
      expect(await withUv(`echo '${said}'`)).toBeUndefined();
    },
  );

  test('is left where it does not run, and where there is none', async () => {
    expect(await withUv('echo uv 0.13.9; exit 1')).toBeUndefined();
    expect(await findUv({ PATH: join(folder, 'elsewhere') })).toBeUndefined();
  });
});
