import { closeSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '../../../../local/daemon/open-log';

describe('a log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = () => join(folder, 'logs', 'cdk.log');
  const append = (text: string) => {
    const log = openLog(file());
    writeSync(log, text);
    closeSync(log);
  };

  test('is made with its folder, and written on from run to run', () => {
    append('one ');
    append('two');
    expect(readFileSync(file(), 'utf8')).toBe('one two');
  });

  test.each([
    [20_000_000, 20_000_003],
    [20_000_001, 3],
  ])('of %d bytes has %d when three more are written', (before, after) => {
    append('');
    truncateSync(file(), before);
    append('new');
    const text = readFileSync(file());
    expect(text).toHaveLength(after);
    expect(text.subarray(-3).toString()).toBe('new');
  });
});
