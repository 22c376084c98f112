import { InvalidInputError } from '../../core/invalid-input-error';
import { modelName, stackName } from '../../core/names';
import { liveRelease } from '../../core/release/aws/live-release';
import type { Chosen } from '../model-argument';
import { deployedStack } from '../release/stack-outputs';
import type { BatchApi } from './batch-api';

/**
 * Name of the Model of the released version: of the stack's output where there is no endpoint, else what serves there.
 * @throws InvalidInputError if nothing is released
 */
export async function servedModel(api: BatchApi, { environmentName, model, environment }: Chosen): Promise<string> {
  const stack = stackName(environmentName, 'serving', model);
  const deployed = await deployedStack(api.cloudFormation, stack);
  if (!deployed) {
    throw new InvalidInputError(
      stack,
      `is not deployed in ${environment.region}, got no such stack`,
      environment.emulated ? 'run npx mlops local up' : `deploy environment ${environmentName}`,
    );
  }
  const { model: name } = await liveRelease(api, modelName(environmentName, model), stack);
  if (name) return name;
  throw new InvalidInputError(
    `${model} in ${environmentName}`,
    'no version is released, got none',
    environment.emulated
      ? 'run npx mlops local run'
      : `release one: npx mlops release promote ${model} --env ${environmentName}`,
  );
}
