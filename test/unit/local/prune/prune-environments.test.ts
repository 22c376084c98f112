import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PruneEnvironmentsProps, pruneEnvironments } from '../../../../local/prune/prune-environments';
import { noteEnvironmentUser } from '../../../../local/python/environment-users';
import { UV_FOLDER } from '../../../../local/python/install-packages';
import { ensurePythonEnvironment, lockHash } from '../../../../local/python/python-environment';
import { removeDrafts } from '../../../../local/python/remove-drafts';
import { replaceFolder } from '../../../../local/python/replace-folder';
import { StateDirectory } from '../../../../local/state-directory';

const OLD = 'sklearn-0123456789ab';
const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const USED_BEFORE = Date.parse('2026-06-01T00:00:00Z');
const CONTENT = Buffer.from('six==1.17.0\n');

describe('virtual environments', () => {
  let repository: string;
  let directory: string;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'prune-'));
    directory = join(repository, '.mlops', 'python');
    mkdirSync(directory, { recursive: true });
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  /** @param used when somebody last asked for it */
  const make = async (name = OLD, used = LONG_AGO) => {
    await replaceFolder(join(directory, name), async (folder) => {
      mkdirSync(join(folder, 'bin'), { recursive: true });
      writeFileSync(join(folder, 'bin', 'python'), 'x'.repeat(10_000));
      return true;
    });
    lutimesSync(join(directory, name), used, used);
  };
  const prune = (differences: Partial<PruneEnvironmentsProps> = {}) =>
    pruneEnvironments({
      state: new StateDirectory(join(repository, '.mlops', 'local')),
      repository,
      usedBefore: USED_BEFORE,
      dryRun: false,
      processes: () => [],
      ...differences,
    });
  const names = (pruned: Awaited<ReturnType<typeof prune>>) =>
    pruned.map(({ path }) => path.slice(directory.length + 1));
  const left = () => readdirSync(directory).filter((name) => !name.includes('.made-') && name !== 'users');
  const lock = (path: string) => {
    mkdirSync(join(repository, path, '..'), { recursive: true });
    writeFileSync(join(repository, path), CONTENT);
  };

  test('of a lock file that is gone are removed with what they hold, and their sizes are told', async () => {
    await make();
    const pruned = await prune();
    expect(pruned).toEqual([
      { kind: 'python-environment', path: join(directory, OLD), bytes: expect.any(Number) as number },
    ]);
    expect(pruned[0]?.bytes).toBeGreaterThanOrEqual(10_000);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('stay, and are named, in a dry run', async () => {
    await make();
    const before = readdirSync(directory);
    expect(names(await prune({ dryRun: true }))).toEqual([OLD]);
    expect(readdirSync(directory)).toEqual(before);
  });

  test('stay while any lock file of the checkout has them', async () => {
    const wanted = `test-${lockHash(CONTENT)}`;
    lock('test/python/deep/requirements.lock');
    await make(wanted);
    expect(await prune()).toEqual([]);
    rmSync(join(repository, 'test'), { recursive: true });
    lock('node_modules/other/requirements.lock');
    expect(names(await prune())).toEqual([wanted]);
  });

  test('stay while somebody has asked for them lately', async () => {
    await make(OLD, new Date(USED_BEFORE));
    expect(await prune()).toEqual([]);
    expect(names(await prune({ usedBefore: USED_BEFORE + 1 }))).toEqual([OLD]);
  });

  test('are asked for lately once they have been asked for', async () => {
    const name = `test-${lockHash(CONTENT)}`;
    lock('requirements.lock');
    await make(name);
    const environment = { name: 'test', lockFile: join(repository, 'requirements.lock'), directory };
    const { python } = await ensurePythonEnvironment({ ...environment, environment: {}, logFile: '/nowhere' });
    expect(python).toBe(join(directory, name, 'bin', 'python'));
    rmSync(join(repository, 'requirements.lock'));
    expect(await prune()).toEqual([]);
  });

  test('stay while an image of any local environment runs on them', async () => {
    await make();
    const state = new StateDirectory(join(repository, 'elsewhere'), directory);
    const image = join(state.images, 'tag.json');
    mkdirSync(state.images, { recursive: true });
    writeFileSync(image, JSON.stringify({ interpreter: join(directory, OLD, 'bin', 'python') }));
    noteEnvironmentUser(state);
    expect(await prune()).toEqual([]);
    expect(names(await prune({ dryRun: true, withoutImages: new Set([image]) }))).toEqual([OLD]);
    rmSync(state.root, { recursive: true });
    expect(names(await prune())).toEqual([OLD]);
  });

  test('stay while a process of this machine was started from them', async () => {
    await make();
    const python = join(directory, OLD, 'bin', 'python');
    const child = spawn(process.execPath, ['-e', "process.stdin.resume().on('end', () => {})", python]);
    await once(child, 'spawn');
    expect(await prune({ processes: undefined })).toEqual([]);
    child.stdin.end();
    await once(child, 'exit');
    expect(names(await prune({ processes: undefined }))).toEqual([OLD]);
  });

  test('stay when somebody asks for them while they are being removed', async () => {
    await make();
    const now = new Date();
    // The last moment at which there is a link that they can find.
    const processes = () => {
      if (existsSync(join(directory, OLD))) lutimesSync(join(directory, OLD), now, now);
      return [];
    };
    expect(await prune({ processes })).toEqual([]);
    expect(readFileSync(join(directory, OLD, 'bin', 'python'), 'utf8')).toHaveLength(10_000);
    expect(left()).toEqual([OLD]);
  });

  test('stay when a process starts from them at the last moment, and nobody finds them while they go', async () => {
    await make();
    const found: boolean[] = [];
    const processes = () => {
      found.push(existsSync(join(directory, OLD)));
      return found.length === 2 ? [join(directory, OLD, 'bin', 'python')] : [];
    };
    expect(await prune({ processes })).toEqual([]);
    expect(found).toEqual([true, false]);
    expect(left()).toEqual([OLD]);
  });

  test('go once where two remove them at the same time', async () => {
    await make();
    const both = await Promise.all([prune(), prune()]);
    expect(both.flatMap(names)).toEqual([OLD]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('go with the next command where the one that removed them was killed', async () => {
    await make();
    const killed = new Error('killed');
    let asked = 0;
    const processes = () => {
      asked += 1;
      if (asked === 2) throw killed;
      return [];
    };
    await expect(prune({ processes })).rejects.toBe(killed);
    expect(existsSync(join(directory, OLD))).toBe(false);
    removeDrafts(directory);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('of an old installer go, and what else lies there stays', async () => {
    await make('uv-0.1.0');
    await make(UV_FOLDER);
    await make('notes');
    mkdirSync(join(directory, 'mine-0123456789ab'));
    writeFileSync(join(directory, 'test.log'), '');
    expect(names(await prune())).toEqual(['uv-0.1.0']);
    expect(left()).toEqual(['mine-0123456789ab', 'notes', 'test.log', UV_FOLDER]);
  });

  test('are none where none was ever made', async () => {
    rmSync(directory, { recursive: true });
    expect(await prune()).toEqual([]);
  });
});
