import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePythonEnvironment } from '../python/python-environment';
import type { StateDirectory } from '../state-directory';
import type { Say } from './progress';

/** Folders of virtual environments. Neither waits for more than it needs. */
export interface PythonEnvironments {
  /** What runs the emulator; it also holds the packages that ship data. */
  readonly aws: Promise<string>;
  /** What stands for the image of the workloads. */
  readonly workloads: Promise<string>;
  /** When both are there, and the database that runs are recorded in. */
  readonly done: Promise<void>;
}

export interface SetUpPythonProps {
  readonly state: StateDirectory;
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: Say;
}

/**
 * Makes both virtual environments from their lock files, first the one that others wait for, and the database that runs
 * are recorded in.
 */
export function setUpPython({ state, repository, environment, say }: SetUpPythonProps): PythonEnvironments {
  const make = async (name: string, lockFile: string) => {
    mkdirSync(state.logs, { recursive: true });
    const { bin } = await ensurePythonEnvironment({
      name,
      lockFile: join(repository, lockFile),
      directory: state.pythonEnvironments,
      environment,
      onProgress: say,
      logFile: join(state.logs, 'python.log'),
    });
    return dirname(bin);
  };
  const aws = make('local-aws', 'local/aws/requirements.lock');
  const workloads = aws.then(() => make('sklearn', 'workloads/images/sklearn/requirements.lock'));
  const done = initialiseTracking(workloads);
  // Whoever waits gets the error; nobody may wait yet.
  for (const promise of [aws, workloads, done]) promise.catch(() => undefined);
  return { aws, workloads, done };

  async function initialiseTracking(made: Promise<string>): Promise<void> {
    const folder = await made;
    if (existsSync(state.mlflowDatabase)) return;
    say('preparing the tracking database');
    // Under another name until it is whole: a run that is killed leaves one that lacks tables, which a process that it
    // has left may still be writing.
    const draft = `${state.mlflowDatabase}.${process.pid}.draft`;
    rmSync(draft, { force: true });
    await promisify(execFile)(join(folder, 'bin', 'python'), ['-m', 'common.tracking', '--initialise'], {
      env: {
        PATH: environment.PATH,
        HOME: environment.HOME,
        PYTHONPATH: join(repository, 'workloads'),
        MLFLOW_TRACKING_URI: `sqlite:///${draft}`,
      },
    });
    renameSync(draft, state.mlflowDatabase);
  }
}
