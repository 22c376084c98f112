import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/** SageMaker, on behalf of this account only: no other account can make it use the role. */
export function sageMakerOf(account: string): ServicePrincipal {
  return new ServicePrincipal('sagemaker.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  });
}
