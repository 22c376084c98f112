import { join } from 'node:path';
import { startLocalAws, stopLocalAws } from '../aws/local-aws';
import type { DeployedStack } from '../deploy/deploy-assembly';
import { deployLocal } from '../deploy/deploy-local';
import { forgetState, requireForgettable } from '../forget-state';
import type { StateDirectory } from '../state-directory';
import { initialiseTracking } from './initialise-tracking';
import type { Progress } from './progress';
import { type PythonEnvironments, setUpPython } from './set-up-python';
import type { Target, TargetProps } from './target';

export interface BringUpProps {
  readonly state: StateDirectory;
  /** Root of the checkout. */
  readonly repository: string;
  readonly target: TargetProps;
  /** Of the emulated environment. */
  readonly account: string;
  /** Environment variables that the processes of the local AWS inherit, PATH above all. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** @default the port of last time, or any that is free */
  readonly port?: number;
  /** How many times faster rollouts and alarms go, 1 to 120. @default 60 */
  readonly speed?: number;
  /** See {@link StartLocalAwsProps.forkServer}. @default true */
  readonly forkServer?: boolean;
  /** Forget everything but the virtual environments first. @default false */
  readonly fresh?: boolean;
  readonly progress: Progress;
}

export interface Up {
  readonly target: Target;
  readonly stacks: readonly DeployedStack[];
  /** When the database is there that runs are recorded in: see {@link initialiseTracking}. */
  readonly tracking: Promise<void>;
}

/**
 * From nothing to an environment that is deployed and holds its data. Whatever is there already is kept.
 * @throws InvalidInputError if it has to begin afresh, and the folder holds what isn't of a local environment
 */
export async function bringUp(props: BringUpProps): Promise<Up> {
  const { state, fresh = false, progress } = props;
  if (fresh) {
    // Before anything is ended.
    requireForgettable(state);
    await stopLocalAws(state);
    forgetState(state);
  }
  const { python, endpoint, stacks } = await startAndDeploy(props);
  // Whatever the pipeline needs first is there: this would only hold it up.
  const tracking = initialiseTracking({ ...props, python: python.workloads });
  // Whoever waits gets the error; nobody may wait yet.
  tracking.catch(() => undefined);
  // Loaded here, as is the SDK with it: by then nobody waits for this process to start another.
  const [{ Target }, { uploadData }] = await Promise.all([import('./target'), import('./upload-data')]);
  const target = new Target(endpoint, props.target);
  await progress.phase(
    'Upload the data',
    (say) => uploadData(target, python.aws, say),
    ({ files, unchanged, megabytes }) =>
      unchanged === files ? 'already there' : `${files} files, ${megabytes.toFixed(1)} MB`,
  );
  return { target, stacks, tracking };
}

interface Started {
  /** Virtual environments. That of the local AWS holds the packages which ship data. */
  readonly python: { readonly [Name in keyof PythonEnvironments]: string };
  readonly endpoint: string;
  readonly stacks: readonly DeployedStack[];
}

/** The phases of {@link SIDE_BY_SIDE}: stacks are synthesised while Python is set up and the local AWS starts. */
async function startAndDeploy(props: BringUpProps): Promise<Started> {
  const { state, repository, environment, port, speed, forkServer, progress } = props;
  let setUp: Promise<void> = Promise.resolve();
  const python = await new Promise<PythonEnvironments>((begin) => {
    setUp = progress.phase('Set up Python', (say) => {
      const environments = setUpPython({ state, repository, environment, say });
      begin(environments);
      return environments.workloads.then(() => undefined);
    });
  });
  const endpoint = python.aws.then(() =>
    progress.phase(
      'Start the local AWS',
      async (say) => {
        const aws = await startLocalAws({
          state,
          repository,
          sagemakerCommand: [process.execPath, join(repository, 'bin', 'mlops.mjs'), 'local-sagemaker'],
          region: props.target.region,
          port,
          speed,
          forkServer,
          environment,
          onProgress: say,
        });
        return aws.endpoint;
      },
      (url) => url,
    ),
  );
  const stacks = progress.phase(
    'Deploy the stacks',
    async (say) => {
      const { environment: name, region } = props.target;
      return deployLocal({
        state,
        repository,
        endpoint,
        python: python.workloads,
        environment: name,
        account: props.account,
        region,
        variables: environment,
        onProgress: say,
      });
    },
    ({ length }) => `${length} stacks`,
  );
  // Who waits for another fails with it: of all, the first in this order is told, once nothing runs any more.
  for (const outcome of await Promise.allSettled([setUp, endpoint, stacks]))
    if (outcome.status === 'rejected') throw outcome.reason;
  const [aws, workloads] = await Promise.all([python.aws, python.workloads]);
  return { python: { aws, workloads }, endpoint: await endpoint, stacks: await stacks };
}
