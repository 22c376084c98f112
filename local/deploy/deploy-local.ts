import { join } from 'node:path';
import { withProcessLock } from '../daemon/process-lock';
import { Cdk, type CdkProps } from './cdk';
import type { DeployedStack } from './deploy-assembly';
import { synthesise } from './synthesise';

export interface DeployLocalProps extends Omit<CdkProps, 'endpoint'> {
  /** `http://localhost:PORT` of the emulator, once it answers: the stacks are synthesised meanwhile. */
  readonly endpoint: Promise<string>;
  /** Environments that images are made with: nothing is built before. */
  readonly python: Promise<unknown>;
  /** Name of the environment in config/environments.ts, and of its stage. */
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly onProgress?: (message: string) => void;
}

/**
 * Deploys the stacks of the environment with the CDK's own command. What hasn't changed since the last time is neither
 * synthesised nor deployed again. The account is prepared for the CDK as soon as it answers, beside the synthesis.
 * Of several processes that deploy the same environment, one at a time does.
 * @throws Error that names the stack, the resource and the reason
 */
export async function deployLocal(props: DeployLocalProps): Promise<readonly DeployedStack[]> {
  // Whoever waits for its turn gets their errors; nobody may wait yet.
  for (const promise of [props.endpoint, props.python]) promise.catch(() => undefined);
  return withProcessLock(join(props.state.processes, 'deploy.lock'), () => deploy(props), {
    onWait: (pid) => props.onProgress?.(`waiting for process ${pid}, which deploys too`),
  });
}

async function deploy(props: DeployLocalProps): Promise<readonly DeployedStack[]> {
  const { state, repository, environment, account, region, variables, onProgress = () => {} } = props;
  const synthesis = synthesise({
    state,
    repository,
    environment,
    cdk: new Cdk({ state, repository, region, variables }),
    onProgress,
  });
  const preparation = props.endpoint.then(async (endpoint) => {
    const cdk = new Cdk({ state, repository, region, variables, endpoint });
    // Loaded here, as is the SDK with it: by then nobody waits for this process to start another.
    const { prepareAccount } = await import('./prepare-account');
    await prepareAccount({ cdk, endpoint, account, region, onProgress });
    return { cdk, endpoint };
  });
  let prepared = false;
  const there = () => void (prepared = true);
  const needed = Promise.all([preparation, props.python]);
  needed.then(there, there);
  synthesis.then(() => prepared || onProgress('waiting for Python and the local AWS')).catch(() => undefined);
  // Whichever fails, the others are waited for: nothing goes on behind the error.
  for (const outcome of await Promise.allSettled([synthesis, preparation, needed]))
    if (outcome.status === 'rejected') throw outcome.reason;
  const { deployAssembly } = await import('./deploy-assembly');
  return deployAssembly({ ...(await preparation), state, variables, assembly: await synthesis, onProgress });
}
