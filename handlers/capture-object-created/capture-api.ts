import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeEndpointCommand, DescribeEndpointConfigCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';

type Answer<T> = Promise<{ readonly [K in keyof T]?: T[K] | undefined }>;

/** The few calls that comparing captured predictions takes. */
export interface CaptureApi {
  describeEndpoint(input: { EndpointName: string }): Answer<{
    EndpointConfigName: string;
    PendingDeploymentSummary: {
      readonly EndpointConfigName?: string | undefined;
      readonly StartTime?: Date | undefined;
    };
  }>;
  describeEndpointConfig(input: { EndpointConfigName: string }): Answer<{
    ProductionVariants: readonly { readonly ModelName?: string | undefined }[];
    DataCaptureConfig: { readonly EnableCapture?: boolean | undefined; readonly DestinationS3Uri?: string | undefined };
  }>;
  listObjects(input: { Bucket: string; Prefix: string; ContinuationToken?: string }): Answer<{
    Contents: readonly {
      readonly Key?: string | undefined;
      readonly LastModified?: Date | undefined;
    }[];
    NextContinuationToken: string;
  }>;
  /** @param input.Range as in HTTP */
  getObject(input: { Bucket: string; Key: string; Range: string }): Promise<string>;
  putMetricData(input: {
    Namespace: string;
    MetricData: {
      readonly MetricName: string;
      readonly Dimensions: { Name: string; Value: string }[];
      readonly Value: number;
      readonly Unit: 'None' | 'Count';
      readonly Timestamp: Date;
    }[];
  }): Promise<unknown>;
}

/** @param endpoint of an emulator, which knows buckets by path only */
export function awsCaptureApi(endpoint?: string): CaptureApi {
  const sageMaker = new SageMakerClient({});
  const s3 = new S3Client({ forcePathStyle: endpoint !== undefined });
  const cloudWatch = new CloudWatchClient({});
  return {
    describeEndpoint: (input) => sageMaker.send(new DescribeEndpointCommand(input)),
    describeEndpointConfig: (input) => sageMaker.send(new DescribeEndpointConfigCommand(input)),
    listObjects: (input) => s3.send(new ListObjectsV2Command(input)),
    getObject: async (input) => {
      const { Body } = await s3.send(new GetObjectCommand(input));
      return (await Body?.transformToString()) ?? '';
    },
    putMetricData: (input) => cloudWatch.send(new PutMetricDataCommand(input)),
  };
}
