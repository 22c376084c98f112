import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FETCH_SCRIPT } from '../../../../charts/server/artefact';

describe('the script that fetches a model', () => {
  let folder: string;
  let archive: string;
  const model = () => join(folder, 'model');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'artefact-'));
    archive = join(folder, 'store.tar.gz');
    mkdirSync(join(folder, 'bin'));
    mkdirSync(model());
    writeFileSync(join(folder, 'model.json'), '{}');
    execFileSync('tar', ['-czf', archive, '-C', folder, 'model.json']);
    // What stands for the AWS CLI and for curl copies the file to where it was told: the last word, or that after --output.
    program('aws', 'for last; do :; done; cp "$STORE" "$last"');
    program('curl', 'while [ "$1" != --output ]; do shift; done; cp "$STORE" "$2"');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function program(name: string, body: string): void {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }

  function run(url: string, sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex')) {
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      STORE: archive,
      ARTEFACT_URL: url,
      ARTEFACT_SHA256: sha256,
      MODEL_PATH: model(),
    };
    return spawnSync('sh', ['-c', FETCH_SCRIPT], { env, encoding: 'utf8' }).status;
  }

  test.each(['s3://models/churn/model.tar.gz', 'https://models.example.com/model.tar.gz'])('unpacks %s', (url) => {
    expect(run(url)).toBe(0);
    expect(readdirSync(model())).toEqual(['model.json']);
  });

  test('fails and unpacks nothing if the digest is another', () => {
    expect(run('s3://models/model.tar.gz', '0'.repeat(64))).not.toBe(0);
    expect(existsSync(join(model(), 'model.json'))).toBe(false);
  });

  test('fails if the download does, or is cut short', () => {
    program('aws', 'exit 1');
    expect(run('s3://models/model.tar.gz')).not.toBe(0);
    program('aws', 'for last; do :; done; head -c 20 "$STORE" > "$last"');
    expect(run('s3://models/model.tar.gz')).not.toBe(0);
    expect(existsSync(join(model(), 'model.json'))).toBe(false);
  });

  test('runs nothing that a URL holds', () => {
    expect(run(`https://host/$(touch ${join(folder, 'owned')})`)).toBe(0);
    expect(existsSync(join(folder, 'owned'))).toBe(false);
  });
});
