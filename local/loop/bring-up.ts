import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalAws, stopLocalAws } from '../aws/local-aws';
import { type DeployedStack, deployLocal } from '../deploy/deploy-local';
import type { StateDirectory } from '../state-directory';
import type { Progress } from './progress';
import { type PythonEnvironments, setUpPython } from './set-up-python';
import { Target, type TargetProps } from './target';
import { uploadData } from './upload-data';

export interface BringUpProps {
  readonly state: StateDirectory;
  /** Root of the checkout. */
  readonly repository: string;
  readonly target: TargetProps;
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
}

/** From nothing to an environment that is deployed and holds its data. Whatever is there already is kept. */
export async function bringUp(props: BringUpProps): Promise<Up> {
  const { state, fresh = false, progress } = props;
  if (fresh) {
    await stopLocalAws(state);
    rmSync(state.root, { recursive: true, force: true });
  }
  const { python, endpoint, stacks } = await startAndDeploy(props);
  const target = new Target(endpoint, props.target);
  await progress.phase(
    'Upload the data',
    (say) => uploadData(target, python, say),
    ({ files, unchanged, megabytes }) =>
      unchanged === files ? 'already there' : `${files} files, ${megabytes.toFixed(1)} MB`,
  );
  return { target, stacks };
}

interface Started {
  /** Virtual environment that holds the packages which ship data. */
  readonly python: string;
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
      return environments.done;
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
      const deployed = await deployLocal({
        state,
        repository,
        endpoint,
        python: python.workloads,
        environment: props.target.environment,
        variables: environment,
        onProgress: say,
      });
      return deployed.stacks;
    },
    ({ length }) => `${length} stacks`,
  );
  // Who waits for another fails with it: of all, the first in this order is told, once nothing runs any more.
  for (const outcome of await Promise.allSettled([setUp, endpoint, stacks]))
    if (outcome.status === 'rejected') throw outcome.reason;
  return { python: await python.aws, endpoint: await endpoint, stacks: await stacks };
}
