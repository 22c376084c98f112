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
  /** Forget everything but the virtual environments first. @default false */
  readonly fresh?: boolean;
  readonly progress: Progress;
}

export interface Up {
  readonly target: Target;
  readonly python: PythonEnvironments;
  readonly stacks: readonly DeployedStack[];
}

/** From nothing to an environment that is deployed and holds its data. Whatever is there already is kept. */
export async function bringUp(props: BringUpProps): Promise<Up> {
  const { state, repository, environment, port, speed, fresh = false, progress } = props;
  if (fresh) {
    await stopLocalAws(state);
    rmSync(state.root, { recursive: true, force: true });
  }
  const python = await progress.phase('Set up Python', (say) => setUpPython({ state, repository, environment, say }));
  const { endpoint } = await progress.phase(
    'Start the local AWS',
    (say) =>
      startLocalAws({
        state,
        repository,
        sagemakerCommand: [process.execPath, join(repository, 'bin', 'mlops.mjs'), 'local-sagemaker'],
        port,
        speed,
        environment,
        onProgress: say,
      }),
    (aws) => aws.endpoint,
  );
  const { stacks } = await progress.phase(
    'Deploy the stacks',
    (say) =>
      deployLocal({
        state,
        repository,
        endpoint,
        environment: props.target.environment,
        variables: environment,
        onProgress: say,
      }),
    (deployed) => `${deployed.stacks.length} stacks`,
  );
  const target = new Target(endpoint, props.target);
  await progress.phase(
    'Upload the data',
    (say) => uploadData(target, python.aws, say),
    ({ files, unchanged, megabytes }) =>
      unchanged === files ? 'already there' : `${files} files, ${megabytes.toFixed(1)} MB`,
  );
  return { target, python, stacks };
}
