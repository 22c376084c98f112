import { CfnDeletionPolicy, type CfnResource } from 'aws-cdk-lib';

/**
 * Leaves the resource there when a release replaces it. SageMaker may send an endpoint back and say InService, and it is
 * not documented that CloudFormation fails then: its clean-up would delete what the endpoint has gone back to, and an
 * endpoint without its EndpointConfig can't be updated any more. What is left costs nothing; it goes by hand.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/48997
 */
export function outlivesRelease({ cfnOptions }: CfnResource): void {
  cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}
