import { startSageMaker } from '../local/sagemaker/server';
import type { StateDirectory } from '../local/state-directory';
import { chooseEnvironment } from './model-argument';
import type { Surroundings } from './output';

export interface ServeProps {
  readonly port: number;
  readonly awsEndpoint: string;
  readonly state: StateDirectory;
  /** See {@link requireSpeed}. */
  readonly speed: number;
  readonly forkServer: boolean;
}

/** Runs our SageMaker until the process is asked to end. */
export async function serveSageMaker(
  { out, environment, onInterrupt, now }: Surroundings,
  { port, awsEndpoint, state, speed, forkServer }: ServeProps,
): Promise<void> {
  const { account, region } = await chooseEnvironment('local');
  const server = await startSageMaker({
    port,
    state,
    awsEndpoint,
    account,
    region,
    speed,
    forkServer,
    now,
    log: (message) => out.note(`${now().toISOString()} ${message}`),
    containerEnvironment: {
      PATH: environment.PATH ?? '/usr/bin:/bin',
      HOME: environment.HOME ?? state.root,
      // An allocator that Arrow has and doesn't use by default would start a thread in whoever imports it, and a
      // process with threads can't be forked.
      JE_ARROW_MALLOC_CONF: 'background_thread:false',
      MLFLOW_TRACKING_URI: `sqlite:///${state.mlflowDatabase}`,
    },
  });
  onInterrupt(() => server.close());
  out.note(`listening on 127.0.0.1:${server.port}`);
}
