import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../../../local/container/process-identity';
import { removeDrafts } from '../../../../local/python/remove-drafts';
import { replaceFolder } from '../../../../local/python/replace-folder';

const ENDED = JSON.stringify({ pid: process.pid, started: 'long ago' });

describe('folders that killed processes began', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'drafts-'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const draft = (name: string, lock?: string) => {
    mkdirSync(join(parent, `${name}.made-1`, 'lib'), { recursive: true });
    if (lock !== undefined) writeFileSync(join(parent, `${name}.lock`), lock);
  };
  const left = () => readdirSync(parent).filter((name) => !name.endsWith('.lock'));

  test('go, whatever they were to become, and so does the link that was not yet in its place', () => {
    draft('local-aws-0123');
    draft('sklearn-4567', ENDED);
    symlinkSync('local-aws-0123.made-1', join(parent, 'local-aws-0123.made-1.link'));
    removeDrafts(parent);
    expect(left()).toEqual([]);
  });

  test('stay while their maker is at work, or is just taking the lock', () => {
    draft('at-work', JSON.stringify(identify(process.pid)));
    draft('beginning', '');
    removeDrafts(parent);
    expect(left()).toEqual(['at-work.made-1', 'beginning.made-1']);
  });

  test('are told from those that are in use, and from whatever else lies there', async () => {
    await replaceFolder(join(parent, 'made'), async (folder) => {
      mkdirSync(folder);
      return true;
    });
    mkdirSync(join(parent, 'other'));
    const before = left();
    expect(before).toHaveLength(3);
    removeDrafts(parent);
    expect(left()).toEqual(before);
  });
});
