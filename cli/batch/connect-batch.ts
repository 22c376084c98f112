import { CreateTransformJobCommand, DescribeTransformJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Chosen } from '../model-argument';
import type { Surroundings } from '../output';
import { awsConfig } from '../release/aws-config';
import { sdkReleaseApi } from '../release/sdk-release-api';
import type { BatchApi } from './batch-api';

/** Reaches the environment's AWS. @throws InvalidInputError if the environment is of this machine and doesn't run */
export async function connectBatch(chosen: Chosen, surroundings: Surroundings): Promise<BatchApi> {
  const config = awsConfig(chosen, surroundings);
  const { cloudFormation, sageMaker } = sdkReleaseApi(config);
  const jobs = new SageMakerClient(config);
  return {
    cloudFormation,
    sageMaker: {
      ...sageMaker,
      createTransformJob: (input) => jobs.send(new CreateTransformJobCommand(input)),
      describeTransformJob: (input) => jobs.send(new DescribeTransformJobCommand(input)),
    },
  };
}
