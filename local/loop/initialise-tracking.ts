import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StateDirectory } from '../state-directory';

export interface InitialiseTrackingProps {
  readonly state: StateDirectory;
  readonly repository: string;
  /** Virtual environment of the workloads. */
  readonly python: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** MLflow's migrations take 6 s of a processor; on a busy machine, and as the first to import it, many times that. */
const LONGEST_SECONDS = 300;

/**
 * Makes the database that runs are recorded in, unless it is there. Jobs that record nothing needn't wait for it, and the
 * others do so themselves: see `workloads/common/tracking_tables.py`.
 * @throws Error with what MLflow said
 */
export async function initialiseTracking(props: InitialiseTrackingProps): Promise<void> {
  const { state, repository, python, environment } = props;
  if (existsSync(state.mlflowDatabase)) return;
  try {
    await promisify(execFile)(join(python, 'bin', 'python'), ['-m', 'common.tracking', '--initialise'], {
      env: {
        PATH: environment.PATH,
        HOME: environment.HOME,
        PYTHONPATH: join(repository, 'workloads'),
        MLFLOW_TRACKING_URI: `sqlite:///${state.mlflowDatabase}`,
      },
      timeout: LONGEST_SECONDS * 1000,
    });
  } catch (cause) {
    const { killed, stderr = '', message } = cause as Error & { readonly killed?: boolean; readonly stderr?: string };
    const said = killed ? `no end in ${LONGEST_SECONDS} s` : stderr.trim() === '' ? message : stderr.trim();
    throw new Error(
      `${state.mlflowDatabase}: the tracking database could not be made, got ${said}; correct that and run again`,
      { cause },
    );
  }
}
