import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeInferenceComponentCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ReleaseApi, S3ListApi } from '../core/release/aws/api';
import type { ChampionApi } from '../core/release/champion';

export interface HandlerApi extends ReleaseApi {
  readonly cloudWatch: ReleaseApi['cloudWatch'] & {
    putMetricData(input: { Namespace: string; MetricData: MetricDatum[] }): Promise<unknown>;
  };
  readonly sageMaker: ReleaseApi['sageMaker'] & {
    updateModelPackage(input: {
      ModelPackageArn: string;
      ModelApprovalStatus: 'PendingManualApproval';
      ApprovalDescription: string;
    }): Promise<unknown>;
  };
  readonly s3: ChampionApi & S3ListApi;
  readonly sns: { publish(input: { TopicArn: string; Subject: string; Message: string }): Promise<unknown> };
}

interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions: { Name: string; Value: string }[];
  readonly Value: number;
  readonly Unit: 'Count';
  readonly Timestamp: Date;
}

/**
 * AWS by single commands: a bundle that names them holds a tenth of what the clients' whole classes would bring.
 * @param endpoint of an emulator, which knows buckets by path only
 */
export function awsReleaseApi(endpoint?: string): HandlerApi {
  const sageMaker = new SageMakerClient({});
  const ssm = new SSMClient({});
  const cloudFormation = new CloudFormationClient({});
  const s3 = new S3Client({ forcePathStyle: endpoint !== undefined });
  const cloudWatch = new CloudWatchClient({});
  const sns = new SNSClient({});
  return {
    sageMaker: {
      describeModelPackage: (input) => sageMaker.send(new DescribeModelPackageCommand(input)),
      describeEndpoint: (input) => sageMaker.send(new DescribeEndpointCommand(input)),
      describeEndpointConfig: (input) => sageMaker.send(new DescribeEndpointConfigCommand(input)),
      describeInferenceComponent: (input) => sageMaker.send(new DescribeInferenceComponentCommand(input)),
      describeModel: (input) => sageMaker.send(new DescribeModelCommand(input)),
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
      putObject: (input) => s3.send(new PutObjectCommand(input)),
      headObject: (input) => s3.send(new HeadObjectCommand(input)),
      copyObject: (input) => s3.send(new CopyObjectCommand(input)),
      createMultipartUpload: (input) => s3.send(new CreateMultipartUploadCommand(input)),
      uploadPartCopy: (input) => s3.send(new UploadPartCopyCommand(input)),
      completeMultipartUpload: (input) => s3.send(new CompleteMultipartUploadCommand(input)),
      abortMultipartUpload: (input) => s3.send(new AbortMultipartUploadCommand(input)),
      listObjects: (input) => s3.send(new ListObjectsV2Command(input)),
    },
    cloudWatch: {
      describeAlarmHistory: (input) => cloudWatch.send(new DescribeAlarmHistoryCommand(input)),
      describeAlarms: (input) => cloudWatch.send(new DescribeAlarmsCommand(input)),
      getMetricData: (input) => cloudWatch.send(new GetMetricDataCommand(input)),
      putMetricData: (input) => cloudWatch.send(new PutMetricDataCommand(input)),
    },
    sns: { publish: (input) => sns.send(new PublishCommand(input)) },
  };
}
