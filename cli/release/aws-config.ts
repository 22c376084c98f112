import { InvalidInputError } from '../../core/invalid-input-error';
import { localAwsStatus } from '../../local/aws/local-aws';
import { localClientConfig } from '../../local/clients';
import type { Chosen } from '../model-argument';
import type { Surroundings } from '../output';
import { stateDirectory } from '../state-directory';
import type { SdkReleaseApiProps } from './sdk-release-api';

/**
 * Where an environment's AWS is, as SDK clients take it.
 * @throws InvalidInputError if the environment is of this machine and doesn't run
 */
export function awsConfig(
  { environment: { region, emulated }, environmentName }: Chosen,
  surroundings: Surroundings,
): SdkReleaseApiProps {
  if (!emulated) return { region };
  const { endpoint } = localAwsStatus(stateDirectory(surroundings));
  if (endpoint) return localClientConfig(endpoint, region);
  throw new InvalidInputError(
    `--env ${environmentName}`,
    'the local AWS is not running, got no answer',
    'run npx mlops local up',
  );
}
