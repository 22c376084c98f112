import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeInferenceComponentCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  DescribeTrainingJobCommand,
  ListModelPackagesCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { sdkEndpointApi } from '../endpoint/sdk-endpoint-api';
import type { ReleaseCliApi } from './release-cli-api';

export interface SdkReleaseApiProps {
  readonly region: string;
  /** `http://localhost:PORT` of an emulator. @default - AWS */
  readonly endpoint?: string;
  /** @default - where the SDK looks for them: environment, profile, single sign-on, role of the machine */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A person waits: without it, an address that swallows packets takes the SDK minutes. */
const REACHABLE = { requestHandler: { connectionTimeout: 5_000 } } as const;

/** The release's calls by SDK clients. */
export function sdkReleaseApi(props: SdkReleaseApiProps): ReleaseCliApi {
  const config = { ...props, ...REACHABLE };
  const sageMaker = new SageMakerClient(config);
  const ssm = new SSMClient(config);
  const cloudFormation = new CloudFormationClient(config);
  // Emulators know buckets by path only.
  const s3 = new S3Client({ ...config, forcePathStyle: config.endpoint !== undefined });
  const sns = new SNSClient(config);
  return {
    sageMaker: {
      describeModelPackage: (input) => sageMaker.send(new DescribeModelPackageCommand(input)),
      describeEndpoint: (input) => sageMaker.send(new DescribeEndpointCommand(input)),
      describeEndpointConfig: (input) => sageMaker.send(new DescribeEndpointConfigCommand(input)),
      describeInferenceComponent: (input) => sageMaker.send(new DescribeInferenceComponentCommand(input)),
      describeModel: (input) => sageMaker.send(new DescribeModelCommand(input)),
      describeTrainingJob: (input) => sageMaker.send(new DescribeTrainingJobCommand(input)),
      listModelPackages: (input) => sageMaker.send(new ListModelPackagesCommand(input)),
      updateModelPackage: (input) => sageMaker.send(new UpdateModelPackageCommand(input)),
    },
    ssm: {
      getParameter: (input) => ssm.send(new GetParameterCommand(input)),
      putParameter: (input) => ssm.send(new PutParameterCommand(input)),
    },
    cloudFormation: {
      describeStacks: (input) => cloudFormation.send(new DescribeStacksCommand(input)),
      describeStackEvents: (input) => cloudFormation.send(new DescribeStackEventsCommand(input)),
      getTemplate: (input) => cloudFormation.send(new GetTemplateCommand(input)),
      updateStack: (input) => cloudFormation.send(new UpdateStackCommand(input)),
    },
    s3: {
      getObject: async (input) => {
        const { Body, ETag } = await s3.send(new GetObjectCommand(input));
        return { Body, ETag };
      },
      readObject: async (input) => {
        const { Body, LastModified } = await s3.send(new GetObjectCommand(input));
        // On Node it is a stream; the SDK's type is that of browsers as well.
        return { lastModified: LastModified, pieces: (Body ?? []) as AsyncIterable<Uint8Array> };
      },
      putObject: (input) => s3.send(new PutObjectCommand(input)),
      listObjects: (input) => s3.send(new ListObjectsV2Command(input)),
    },
    ...sdkEndpointApi(config),
    sns: { publish: (input) => sns.send(new PublishCommand(input)) },
  };
}
