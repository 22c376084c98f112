import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePythonEnvironment } from '../python/python-environment';
import type { StateDirectory } from '../state-directory';
import type { Say } from './progress';

/** Folders of virtual environments. */
export interface PythonEnvironments {
  /** What runs the emulator; it also holds the packages that ship data. */
  readonly aws: string;
  /** What stands for the image of the workloads. */
  readonly workloads: string;
}

export interface SetUpPythonProps {
  readonly state: StateDirectory;
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: Say;
}

/** Makes both virtual environments from their lock files, and the database that runs are recorded in. */
export async function setUpPython({
  state,
  repository,
  environment,
  say,
}: SetUpPythonProps): Promise<PythonEnvironments> {
  mkdirSync(state.logs, { recursive: true });
  const make = (name: string, lockFile: string) =>
    ensurePythonEnvironment({
      name,
      lockFile: join(repository, lockFile),
      directory: state.pythonEnvironments,
      environment,
      onProgress: say,
      logFile: join(state.logs, 'python.log'),
    });
  const aws = await make('local-aws', 'local/aws/requirements.lock');
  const workloads = await make('sklearn', 'workloads/images/sklearn/requirements.lock');
  if (!existsSync(state.mlflowDatabase)) {
    say('preparing the tracking database');
    await promisify(execFile)(workloads.python, ['-m', 'common.tracking', '--initialise'], {
      env: {
        PATH: environment.PATH,
        HOME: environment.HOME,
        PYTHONPATH: join(repository, 'workloads'),
        MLFLOW_TRACKING_URI: `sqlite:///${state.mlflowDatabase}`,
      },
    });
  }
  return { aws: dirname(aws.bin), workloads: dirname(workloads.bin) };
}
