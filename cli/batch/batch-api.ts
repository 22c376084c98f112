import type {
  CreateTransformJobCommandInput,
  DescribeTransformJobCommandOutput,
  TransformJobStatus,
} from '@aws-sdk/client-sagemaker';
import type { CloudFormationApi, SageMakerApi } from '../../core/release/aws/api';

/** What of a transform job its follower looks at. */
export type TransformJob = Partial<
  Pick<
    DescribeTransformJobCommandOutput,
    'ModelName' | 'FailureReason' | 'TransformStartTime' | 'TransformEndTime' | 'TransformInput' | 'TransformOutput'
  >
> & { readonly TransformJobStatus?: TransformJobStatus | undefined };

/** The calls that a batch takes, in plain structures. */
export interface BatchApi {
  readonly cloudFormation: Pick<CloudFormationApi, 'describeStacks'>;
  readonly sageMaker: SageMakerApi & {
    createTransformJob(input: CreateTransformJobCommandInput): Promise<unknown>;
    describeTransformJob(input: { TransformJobName: string }): Promise<TransformJob>;
  };
}
