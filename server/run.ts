import cluster from 'node:cluster';
import { heapFlags } from './heap-limit';
import { answerWorkers, clusterExposition } from './metrics/exposition';
import { serve } from './serve';
import type { Settings } from './settings';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Serves until SIGTERM or SIGINT, by so many processes as the settings say; requests that are under way are answered
 * first. If a worker ends by itself the others end too, and whoever runs the container starts it anew.
 * @returns the exit code
 * @throws InvalidInputError if it can't start
 */
export async function run(settings: Settings): Promise<number> {
  if (settings.workers > 1 && cluster.isPrimary) return runWorkers(settings);
  const inCluster = cluster.isWorker;
  if (inCluster) outliveParent();
  const asked = untilAsked();
  const serving = await serve(settings, inCluster ? { exposition: clusterExposition } : {});
  await asked;
  await serving.stop();
  return 0;
}

function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
    // The parent was killed.
    process.once('disconnect', () => resolve());
  });
}

/** Node ends a worker at once when its parent is gone, unless the worker says that it is about to end. */
function outliveParent(): void {
  cluster.worker?.once('disconnect', () => {
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
  });
}

async function runWorkers(settings: Settings): Promise<number> {
  const { workers } = settings;
  answerWorkers();
  cluster.setupPrimary({ execArgv: [...process.execArgv, ...heapFlags(settings)] });
  let asked = false;
  let failed = false;
  const end = () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      asked = true;
      end();
    });
  }
  const ended = Array.from({ length: workers }, () => {
    const worker = cluster.fork();
    return new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        if (!asked || code !== 0) {
          failed = true;
          end();
        }
        resolve();
      });
    });
  });
  await Promise.all(ended);
  return failed ? 1 : 0;
}
