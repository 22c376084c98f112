import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint } from '../../../../local/daemon/fingerprint';

describe('the fingerprint of sources', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'fingerprint-'));
    mkdirSync(join(root, 'lib', 'inner'), { recursive: true });
    writeFileSync(join(root, 'lib', 'inner', 'a.ts'), 'a');
    writeFileSync(join(root, 'package.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const now = (...others: string[]) => fingerprint(root, ['lib', 'package.json', 'missing'], ...others);

  test('stays while nothing changes', () => {
    expect(now()).toBe(now());
  });

  test.each<readonly [string, () => void]>([
    ['content', () => writeFileSync(join(root, 'lib', 'inner', 'a.ts'), 'b')],
    ['a new file', () => writeFileSync(join(root, 'lib', 'b.ts'), '')],
    ['a name', () => renameSync(join(root, 'lib', 'inner', 'a.ts'), join(root, 'lib', 'inner', 'b.ts'))],
    ['a file that was missing', () => writeFileSync(join(root, 'missing'), '')],
  ])('changes with %s', (_, change) => {
    const before = now();
    change();
    expect(now()).not.toBe(before);
  });

  test('changes with what else it is told, and its order', () => {
    expect(new Set([now(), now('a'), now('b'), now('a', 'b'), now('b', 'a')]).size).toBe(5);
  });

  test('does not see what tools leave', () => {
    const before = now();
    mkdirSync(join(root, 'lib', '__pycache__'));
    writeFileSync(join(root, 'lib', '__pycache__', 'a.pyc'), 'x');
    writeFileSync(join(root, 'lib', 'a.pyc'), 'x');
    expect(now()).toBe(before);
  });
});
