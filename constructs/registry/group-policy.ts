import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Lets other accounts see the versions of a group and make models of them. They can't change any: who says yes to a
 * version is asked where it is registered, and a status that two accounts could set would be nobody's word.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy-xaccount.html
 */
export function groupPolicy(scope: Construct, groupName: string, accounts: readonly string[]): PolicyDocument {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({ service: 'sagemaker', resource, resourceName });
  const principals = () => accounts.map((account) => new AccountPrincipal(account));
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'SeeGroup',
        principals: principals(),
        actions: ['sagemaker:DescribeModelPackageGroup', 'sagemaker:ListModelPackages'],
        resources: [arn('model-package-group', groupName)],
      }),
      new PolicyStatement({
        sid: 'ReleaseVersions',
        principals: principals(),
        actions: ['sagemaker:CreateModel', 'sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'],
        resources: [arn('model-package', `${groupName}/*`)],
      }),
    ],
  });
}
