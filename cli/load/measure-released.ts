import { InvalidInputError } from '../../core/invalid-input-error';
import { closedLoop } from '../../local/load/closed-loop';
import { memoryOf } from '../../local/load/memory-of';
import { startReleasedServer } from '../../local/load/released-server';
import { latestExecutionWith } from '../../local/loop/execution';
import { readSample } from '../../local/loop/outputs';
import { Target } from '../../local/loop/target';
import type { Chosen } from '../model-argument';
import type { Surroundings } from '../output';
import { awsConfig } from '../release/aws-config';
import { stateDirectory } from '../state-directory';
import type { Measured } from './load-plan';

/** Until connections are open and the interpreter is warm. */
const WARM_UP_MS = 500;

/**
 * Starts the server of the version that the local environment has released, for as long as the work takes.
 * @throws InvalidInputError if the local environment doesn't run, or nothing is released in it
 */
export async function withReleasedServer<T>(
  chosen: Chosen,
  surroundings: Surroundings,
  windowSeconds: number,
  work: (measured: Measured) => Promise<T>,
): Promise<T> {
  const { endpoint = '' } = awsConfig(chosen, surroundings);
  const { environmentName, environment, model, spec } = chosen;
  const target = new Target(endpoint, { environment: environmentName, region: environment.region, model, spec });
  const execution = await latestExecutionWith(target, 'Prepare');
  if (!execution) {
    throw new InvalidInputError(
      `${model} in ${environmentName}`,
      'has prepared no data yet, got no execution that did',
      'run npx mlops local run',
    );
  }
  const { instances } = await readSample(target, execution);
  const stop = new AbortController();
  const starting = startReleasedServer({
    target,
    state: stateDirectory(surroundings),
    environment: surroundings.environment,
    signal: stop.signal,
  });
  // Before it is there: the process of a server outlives the command that starts it.
  surroundings.onInterrupt(async () => {
    stop.abort();
    await starting.then(
      (server) => server.close(),
      () => undefined,
    );
  });
  const released = await starting;
  try {
    return await work({
      workers: released.workers,
      measure: (concurrency) =>
        closedLoop({
          url: released.server.url,
          bodies: instances.map((row) => JSON.stringify({ instances: [row] })),
          contentType: 'application/json',
          concurrency,
          warmUpMs: WARM_UP_MS,
          windowMs: windowSeconds * 1000,
          signal: stop.signal,
        }),
      memoryGib: () => memoryOf(released.server.identity.pid),
    });
  } finally {
    await released.close();
  }
}
