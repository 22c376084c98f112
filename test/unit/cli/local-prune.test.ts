import { lutimesSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { localCommands } from '../../../cli/commands/local';
import { parseDays } from '../../../cli/options';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { identify } from '../../../local/container/process-identity';
import { replaceFolder } from '../../../local/python/replace-folder';
import { surroundings } from './surroundings';

const DAY_MS = 24 * 3600 * 1000;
const OLD = 'sklearn-0123456789ab';
const TAG = 'ab'.repeat(32);

describe('mlops local prune', () => {
  let repository: string;
  let python: string;
  let images: string;
  const { now } = surroundings();
  const daysAgo = (days: number) => new Date(now().getTime() - days * DAY_MS);
  beforeEach(async () => {
    repository = mkdtempSync(join(tmpdir(), 'mlops-prune-'));
    python = join(repository, '.mlops', 'python');
    images = join(repository, '.mlops', 'local', 'images');
    for (const folder of [python, images]) mkdirSync(folder, { recursive: true });
    await replaceFolder(join(python, OLD), async (folder) => {
      mkdirSync(folder);
      return true;
    });
    lutimesSync(join(python, OLD), daysAgo(8), daysAgo(8));
    writeFileSync(join(images, `${TAG}.json`), JSON.stringify({ interpreter: join(python, OLD, 'bin', 'python') }));
    utimesSync(join(images, `${TAG}.json`), daysAgo(8), daysAgo(8));
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  const run = async (...words: readonly string[]) => {
    const recorded = { ...surroundings(), repository };
    const program = new Command().exitOverride();
    localCommands(program, recorded);
    await program.parseAsync(['local', 'prune', ...words], { from: 'user' });
    return recorded;
  };
  const json = async (...words: readonly string[]) =>
    JSON.parse((await run('--json', ...words)).lines.join('\n')) as { readonly pruned: { readonly path: string }[] };

  test('removes old images, and the environments that only these ran on', async () => {
    expect(await json()).toMatchObject({
      dryRun: false,
      running: false,
      pruned: [
        { kind: 'image', path: join(images, `${TAG}.json`) },
        { kind: 'python-environment', path: join(python, OLD) },
      ],
    });
    expect([readdirSync(images), readdirSync(python)]).toEqual([[], []]);
  });

  test('only says so with --dry-run, with sizes', async () => {
    const { lines, notes } = await run('--dry-run');
    expect(lines).toEqual([
      expect.stringMatching(/^ +\d+\.\d MB {2}image that no version and no pipeline names, /),
      expect.stringMatching(/^ +\d+\.\d MB {2}Python environment of an old lock file, .*\/sklearn-0123456789ab$/),
      expect.stringMatching(/^ +\d+\.\d MB {2}would be freed$/),
    ]);
    expect(notes).toEqual([]);
    expect(await json('--dry-run')).toMatchObject({ dryRun: true, pruned: { length: 2 } });
  });

  test('keeps what was used in the last seven days, or as many as are given', async () => {
    for (const path of [join(python, OLD), join(images, `${TAG}.json`)]) lutimesSync(path, daysAgo(7), daysAgo(7));
    expect((await json('--dry-run')).pruned).toEqual([]);
    expect((await json('--dry-run', '--days', '6')).pruned).toHaveLength(2);
  });

  test('keeps all that a running environment holds, and what its images run on', async () => {
    const processes = join(repository, '.mlops', 'local', 'processes');
    mkdirSync(processes);
    writeFileSync(join(processes, 'sagemaker.json'), JSON.stringify({ ...identify(process.pid), port: 1 }));
    const { lines, notes } = await run();
    expect(lines).toEqual(['    0.0 MB  freed']);
    expect(notes).toEqual([expect.stringMatching(/npx mlops local down$/)]);
  });

  test('touches no folder that holds anything else', async () => {
    writeFileSync(join(repository, '.mlops', 'local', 'letter.txt'), '');
    await expect(run()).rejects.toThrow(
      /^mlops local prune: removes from a folder that holds nothing but a local environment, got .* with letter\.txt/,
    );
    expect(readdirSync(images)).toHaveLength(1);
  });
});

test.each(['1', '7', '36500'])('%s days are a time', (text) => {
  expect(parseDays(text)).toBe(Number(text));
});

test.each(['0', '-1', '36501', '1.5', '', 'NaN', '1e3', ' 7'])('"%s" days are none', (text) => {
  expect(() => parseDays(text)).toThrow(InvalidInputError);
});
