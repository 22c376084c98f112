import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setUpPython } from '../../../../local/loop/set-up-python';
import { StateDirectory } from '../../../../local/state-directory';

/** Stands for the Python of an environment: writes the database in two goes, and ends between them if it is told to. */
const PROGRAM = `#!/bin/sh
file=\${MLFLOW_TRACKING_URI#sqlite:///}
printf part > "$file"
[ -e "$HOME/ends-early" ] && exit 1
printf whole > "$file"
`;

describe('the tracking database', () => {
  let repository: string;
  let state: StateDirectory;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'mlops-checkout-'));
    state = new StateDirectory(join(repository, '.mlops', 'local'));
    write('local/aws/requirements.lock', 'aws');
    write('workloads/images/sklearn/requirements.lock', 'sklearn');
    for (const [name, lock] of [
      ['local-aws', 'aws'],
      ['sklearn', 'sklearn'],
    ]) {
      const hash = createHash('sha256').update(`1\n${lock}`).digest('hex').slice(0, 12);
      write(`.mlops/python/${name}-${hash}/bin/python`, PROGRAM);
    }
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text, { mode: 0o755 });
  }
  const setUp = () =>
    setUpPython({
      state,
      repository,
      environment: { PATH: process.env.PATH, HOME: repository },
      say: () => undefined,
    });

  test('is made again when what made it ended in the middle', async () => {
    write('ends-early', '');
    const broken = setUp();
    await expect(broken.aws).resolves.toContain('local-aws-');
    await expect(broken.done).rejects.toThrow('common.tracking --initialise');
    expect(existsSync(state.mlflowDatabase)).toBe(false);
    rmSync(join(repository, 'ends-early'));
    await setUp().done;
    expect(readFileSync(state.mlflowDatabase, 'utf8')).toBe('whole');
    expect(readdirSync(state.root).filter((name) => name.includes('mlflow'))).toEqual(['mlflow.db']);
  });

  test('is left as it is once it is there', async () => {
    write('.mlops/local/mlflow.db', 'with runs');
    await setUp().done;
    expect(readFileSync(state.mlflowDatabase, 'utf8')).toBe('with runs');
  });
});
