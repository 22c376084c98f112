import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../../../../local/python/python-environment';
import { replaceFolder } from '../../../../local/python/replace-folder';

const ROOT = resolve(__dirname, '../../../..');
/** The smallest real lock file: one package, pure Python, no dependencies. */
const LOCK = `six==1.17.0 \\
    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274 \\
    --hash=sha256:ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81
`;
const MINUTES = 60_000;

describe('a Python environment', () => {
  let folder: string;
  let lockFile: string;
  const messages: string[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'venv-'));
    lockFile = join(folder, 'requirements.lock');
    writeFileSync(lockFile, LOCK);
    mkdirSync(join(folder, 'venvs'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const ensure = (
    differences: Partial<
      Pick<Parameters<typeof ensurePythonEnvironment>[0], 'lockFile' | 'name' | 'compile' | 'logFile'>
    > = {},
  ) =>
    ensurePythonEnvironment({
      name: 'small',
      lockFile,
      directory: join(folder, 'venvs'),
      environment: process.env,
      logFile: join(folder, 'python.log'),
      onProgress: (message) => messages.push(message),
      ...differences,
    });

  test(
    'is made once by two that ask at the same time, and holds no bytecode yet',
    async () => {
      const logFile = join(folder, 'twice.log');
      const twice = () => ensure({ name: 'twice', logFile });
      const [one, two] = await Promise.all([twice(), twice()]);
      expect(one).toEqual(two);
      expect(one.python).toMatch(/venvs\/twice-[0-9a-f]{12}\/bin\/python$/);
      const packages = join(one.bin, '..', 'lib', 'python3.11', 'site-packages');
      const made = readdirSync(packages);
      expect(execFileSync(one.python, ['-c', 'import six; print(six.__version__)'], { encoding: 'utf8' })).toBe(
        '1.17.0\n',
      );
      expect(made).not.toContain('__pycache__');
      expect(readFileSync(logFile, 'utf8').match(/ pip sync /g)).toHaveLength(1);
    },
    3 * MINUTES,
  );

  test(
    'holds bytecode of everything where it is asked for',
    async () => {
      const { bin } = await ensure({ name: 'compiled', compile: true });
      const packages = join(bin, '..', 'lib', 'python3.11', 'site-packages');
      expect(readdirSync(join(packages, '__pycache__'))).toContain('six.cpython-311.pyc');
    },
    3 * MINUTES,
  );

  test(
    'is there at once the next time, and what a killed process left of another goes',
    async () => {
      await ensure();
      const left = join(folder, 'venvs', 'earlier-0123.made-1');
      mkdirSync(left);
      messages.length = 0;
      await ensure();
      expect(messages).toEqual([]);
      expect(existsSync(left)).toBe(false);
    },
    3 * MINUTES,
  );

  test(
    'is refused with the reason if its lock file is wrong, and leaves nothing',
    async () => {
      const small = () => readdirSync(join(folder, 'venvs')).filter((name) => name.startsWith('small-'));
      const before = small();
      const wrong = join(folder, 'wrong.lock');
      writeFileSync(wrong, LOCK.replaceAll(/sha256:[0-9a-f]{8}/g, 'sha256:00000000'));
      await expect(ensure({ lockFile: wrong })).rejects.toThrow(
        /wrong\.lock: its packages could not be installed, got\n[^]*hash[^]*; check the network, pip's settings and the disk/i,
      );
      expect(small()).toEqual(before);
    },
    2 * MINUTES,
  );

  test(
    'is made again when the process that made it was killed',
    async () => {
      const directory = join(folder, 'killed');
      const script = `require('tsx/cjs');
        require(${JSON.stringify(join(ROOT, 'local/python/python-environment.ts'))}).ensurePythonEnvironment({
          name: 'small', lockFile: ${JSON.stringify(lockFile)}, directory: ${JSON.stringify(directory)},
          environment: process.env, logFile: ${JSON.stringify(join(folder, 'killed.log'))},
          onProgress: (message) => console.log(message) });`;
      const child = spawn(process.execPath, ['-e', script], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((first) => child.stdout.once('data', first));
      const gone = new Promise((exited) => child.once('exit', exited));
      child.kill('SIGKILL');
      await gone;
      const { python } = await ensurePythonEnvironment({
        name: 'small',
        lockFile,
        directory,
        environment: process.env,
        logFile: join(folder, 'killed.log'),
      });
      expect(execFileSync(python, ['-c', 'import six'], { encoding: 'utf8' })).toBe('');
    },
    3 * MINUTES,
  );
});

describe('a folder that is made whole or not at all', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'folder-'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));
  const make = (content: string, done = true) =>
    replaceFolder(join(parent, 'made'), async (draft) => {
      mkdirSync(draft);
      writeFileSync(join(draft, 'file'), content);
      return done;
    });

  test('appears when it is done, and is replaced by the next', async () => {
    await make('one');
    await make('two');
    expect(readFileSync(join(parent, 'made', 'file'), 'utf8')).toBe('two');
  });

  test('leaves nothing when it fails', async () => {
    expect(await make('one', false)).toBe(false);
    expect(readdirSync(parent)).toEqual([]);
  });

  test('leaves nothing when it throws', async () => {
    await expect(replaceFolder(join(parent, 'made'), () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(existsSync(join(parent, 'made'))).toBe(false);
  });

  test('removes what a killed process began', async () => {
    mkdirSync(join(parent, 'made.made-1-abc'));
    await make('one');
    expect(readdirSync(parent)).toHaveLength(2);
  });
});
