import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { identify } from '../../../local/container/process-identity';
import { ownedFolder } from './owned-folder';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'owned-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** What the process would have named its folder. */
function folderOf(pid: number): string {
  const { started } = identify(pid) ?? { started: '' };
  const folder = join(root, `plane-${pid}-${Buffer.from(started).toString('hex')}-Ab1_x9`);
  mkdirSync(join(folder, 'etcd'), { recursive: true });
  return folder;
}

test('what a killed process left is removed by the next one, and nothing else', async () => {
  const other = spawn('sleep', ['1000']);
  await once(other, 'spawn');
  const theirs = folderOf(other.pid ?? 0);
  const ours = ownedFolder('plane', root);
  const foreign = ['plane-x', 'planes-1-1-abcdef', 'plane-1-abcdef'].map((name) => join(root, name));
  for (const folder of foreign) mkdirSync(folder);
  ownedFolder('plane', root);
  expect([theirs, ours, ...foreign].map((folder) => existsSync(folder))).toEqual([true, true, true, true, true]);

  other.kill('SIGKILL');
  await once(other, 'exit');
  ownedFolder('another', root);
  expect(existsSync(theirs)).toBe(true);
  ownedFolder('plane', root);
  expect([theirs, ours, ...foreign].map((folder) => existsSync(folder))).toEqual([false, true, true, true, true]);
});

test('a process that has the id of an earlier one does not keep its folder', () => {
  const [, , started = '', random = ''] = basename(ownedFolder('plane', root)).split('-');
  const earlier = join(root, `plane-${process.pid}-${'30'.repeat(started.length / 2)}-${random}`);
  mkdirSync(earlier);
  ownedFolder('plane', root);
  expect(existsSync(earlier)).toBe(false);
});
