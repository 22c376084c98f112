import { join } from 'node:path';
import { InvalidInputError } from '../../core/invalid-input-error';
import { localAwsStatus } from '../../local/aws/local-aws';
import { localClientConfig } from '../../local/clients';
import { localSpeed } from '../../local/loop/deployments';
import { StateDirectory } from '../../local/state-directory';
import type { Chosen } from '../model-argument';
import type { Surroundings } from '../output';
import type { ReleaseCliApi } from './release-cli-api';
import { sdkReleaseApi } from './sdk-release-api';

/** Reaches the environment's AWS. Nothing is called yet. */
export type Connect = (chosen: Chosen, surroundings: Surroundings) => Promise<ReleaseCliApi>;

/** @throws InvalidInputError if the environment is of this machine and doesn't run */
export const connect: Connect = async ({ environment: { region, emulated }, environmentName }, surroundings) => {
  if (!emulated) return sdkReleaseApi({ region });
  const { environment, repository } = surroundings;
  const state = new StateDirectory(
    environment.MLOPS_STATE_DIR ?? join(repository, '.mlops', 'local'),
    join(repository, '.mlops', 'python'),
  );
  const { endpoint } = localAwsStatus(state);
  if (endpoint) {
    const speedOf = (endpointName: string) => localSpeed(endpoint, endpointName);
    return { ...sdkReleaseApi(localClientConfig(endpoint, region)), speedOf };
  }
  throw new InvalidInputError(
    `--env ${environmentName}`,
    'the local AWS is not running, got no answer',
    'run npx mlops local up',
  );
};
