import { localSpeed } from '../../local/loop/deployments';
import type { Chosen } from '../model-argument';
import type { Surroundings } from '../output';
import { awsConfig } from './aws-config';
import type { ReleaseCliApi } from './release-cli-api';
import { sdkReleaseApi } from './sdk-release-api';

/** Reaches the environment's AWS. Nothing is called yet. */
export type Connect = (chosen: Chosen, surroundings: Surroundings) => Promise<ReleaseCliApi>;

/** @throws InvalidInputError if the environment is of this machine and doesn't run */
export const connect: Connect = async (chosen, surroundings) => {
  const config = awsConfig(chosen, surroundings);
  const { endpoint } = config;
  const api = sdkReleaseApi(config);
  return endpoint === undefined
    ? api
    : { ...api, speedOf: (endpointName: string) => localSpeed(endpoint, endpointName) };
};
