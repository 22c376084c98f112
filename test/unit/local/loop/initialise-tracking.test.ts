import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { initialiseTracking } from '../../../../local/loop/initialise-tracking';
import { StateDirectory } from '../../../../local/state-directory';

/** Stands for the Python of the workloads: makes the database, or fails if it is told to. */
const PROGRAM = `#!/bin/sh
[ -e "$HOME/fails" ] && { cat "$HOME/fails" >&2; exit 1; }
printf '%s in %s' "$*" "$PYTHONPATH" > "\${MLFLOW_TRACKING_URI#sqlite:///}"
`;

describe('the tracking database', () => {
  let repository: string;
  let state: StateDirectory;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'mlops-checkout-'));
    state = new StateDirectory(join(repository, '.mlops', 'local'));
    mkdirSync(state.root, { recursive: true });
    write('python/bin/python', PROGRAM);
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text, { mode: 0o755 });
  }
  const initialise = (python = join(repository, 'python')) =>
    initialiseTracking({ state, repository, python, environment: { PATH: process.env.PATH, HOME: repository } });

  test('is made by the program that jobs record with', async () => {
    await initialise();
    expect(readFileSync(state.mlflowDatabase, 'utf8')).toBe(
      `-m common.tracking --initialise in ${join(repository, 'workloads')}`,
    );
  });

  test('is left as it is once it is there', async () => {
    write('.mlops/local/mlflow.db', 'with runs');
    await initialise();
    expect(readFileSync(state.mlflowDatabase, 'utf8')).toBe('with runs');
  });

  test('that can not be made is told with what was said of it', async () => {
    write('fails', 'no such migration\n');
    await expect(initialise()).rejects.toThrow(
      `${state.mlflowDatabase}: the tracking database could not be made, got no such migration; correct that`,
    );
    expect(existsSync(state.mlflowDatabase)).toBe(false);
  });

  test.each([
    ['without a word', '', 'got Command failed: '],
    ['without a Python', undefined, 'got spawn '],
  ])('that can not be made %s is told with what failed', async (_, words, got) => {
    if (words !== undefined) write('fails', words);
    await expect(initialise(words === undefined ? '/nowhere' : undefined)).rejects.toThrow(got);
  });
});
