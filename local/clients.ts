import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SSMClient } from '@aws-sdk/client-ssm';
import { explainLostConnection } from './explain-lost-connection';

/** The AWS of this machine, as SDK clients. */
export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly sageMaker: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;
  readonly ssm: SSMClient;
}

/**
 * What any SDK client of the local AWS is made with.
 * @param endpoint `http://localhost:PORT` of the emulator
 */
export function localClientConfig(endpoint: string, region: string) {
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

/** @param endpoint `http://localhost:PORT` of the emulator */
export function localClients(endpoint: string, region: string): Clients {
  const config = localClientConfig(endpoint, region);
  return {
    cloudFormation: explainLostConnection(new CloudFormationClient(config), endpoint),
    s3: explainLostConnection(new S3Client({ ...config, forcePathStyle: true }), endpoint),
    sageMaker: explainLostConnection(new SageMakerClient(config), endpoint),
    runtime: explainLostConnection(new SageMakerRuntimeClient(config), endpoint),
    ssm: explainLostConnection(new SSMClient(config), endpoint),
  };
}
