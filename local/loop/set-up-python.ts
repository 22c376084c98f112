import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensurePythonEnvironment } from '../python/python-environment';
import type { StateDirectory } from '../state-directory';
import type { Say } from './progress';

/** Folders of virtual environments. Neither waits for more than it needs. */
export interface PythonEnvironments {
  /** What runs the emulator; it also holds the packages that ship data. */
  readonly aws: Promise<string>;
  /** What stands for the image of the workloads. */
  readonly workloads: Promise<string>;
}

export interface SetUpPythonProps {
  readonly state: StateDirectory;
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: Say;
}

/** Makes both virtual environments from their lock files, first the one that others wait for. */
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
  // Whoever waits gets the error; nobody may wait yet.
  for (const promise of [aws, workloads]) promise.catch(() => undefined);
  return { aws, workloads };
}
