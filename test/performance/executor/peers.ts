import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BenchPlace, pythonOf } from '../measure/bench-place';
import { pinned } from '../server/package-versions';
import type { Contestant, RunFolders } from './contestant';
import { runDriver } from './run-driver';

interface Peer {
  readonly id: string;
  readonly title: string;
  readonly environment?: (home: string) => Readonly<Record<string, string>>;
}

/** All are under Apache-2.0. Telemetry is off, and what is a server listens on the loopback. */
const PEERS: readonly Peer[] = [
  { id: 'kfp', title: 'Kubeflow Pipelines, SubprocessRunner' },
  {
    id: 'metaflow',
    title: 'Metaflow',
    environment: (home) => ({ METAFLOW_DATASTORE_SYSROOT_LOCAL: home, METAFLOW_USER: 'bench' }),
  },
  {
    id: 'zenml',
    title: 'ZenML',
    environment: (home) => ({
      ZENML_CONFIG_PATH: join(home, 'zenml'),
      ZENML_ANALYTICS_OPT_IN: 'false',
      ZENML_LOGGING_VERBOSITY: 'ERROR',
    }),
  },
  {
    id: 'prefect',
    title: 'Prefect',
    environment: (home) => ({
      PREFECT_HOME: join(home, 'prefect'),
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: '120',
      PREFECT_LOGGING_LEVEL: 'ERROR',
      DO_NOT_TRACK: '1',
    }),
  },
  { id: 'dagster', title: 'Dagster, in process', environment: (home) => ({ DAGSTER_HOME: home }) },
  { id: 'dvc', title: 'DVC', environment: () => ({ DVC_NO_ANALYTICS: 'true' }) },
];

export const PEER_IDS: readonly string[] = PEERS.map(({ id }) => id);

function lockOf(id: string) {
  return { name: `bench-${id}`, lock: `test/performance/executor/peers/${id}.lock`, compile: true };
}

/**
 * The peers, installed.
 * @param stepPython runs the processes of steps
 * @throws Error if one can't be installed
 */
export async function installPeers(
  place: BenchPlace,
  ids: readonly string[],
  stepPython: string,
): Promise<readonly Contestant[]> {
  const ready: Contestant[] = [];
  for (const { id, title, environment } of PEERS.filter((peer) => ids.includes(peer.id))) {
    const lock = lockOf(id);
    const python = await pythonOf(place, lock);
    ready.push({
      id,
      title,
      versions: `${id} ${pinned(readFileSync(join(place.root, lock.lock), 'utf8'))(id)}`,
      run: (work, folders) =>
        runDriver({
          title,
          python,
          script: `${id}_pipeline.py`,
          work,
          folders,
          environment: { ...driverEnvironment(python, stepPython, folders), ...environment?.(folders.home) },
        }),
    });
  }
  return ready;
}

/** The processes of the steps and nothing else. */
export function bareLoop(stepPython: string, script = 'step.py'): Contestant {
  const title = 'bare processes';
  return {
    id: 'bare',
    title,
    versions: '',
    run: (work, folders) =>
      runDriver({
        title,
        python: stepPython,
        script: 'bare_loop.py',
        work,
        folders,
        environment: { ...driverEnvironment(stepPython, stepPython, folders), ...ONE_THREAD, STEP_SCRIPT: script },
      }),
  };
}

/** As images have it. */
export const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

function driverEnvironment(python: string, stepPython: string, { home }: RunFolders) {
  return {
    PATH: `${dirname(python)}:${process.env.PATH}`,
    HOME: home,
    LANG: 'C.UTF-8',
    PYTHONPATH: join(__dirname, 'peers'),
    PYTHONDONTWRITEBYTECODE: '1',
    STEP_PYTHON: stepPython,
  };
}
