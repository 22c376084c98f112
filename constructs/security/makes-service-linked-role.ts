import type { Stack } from 'aws-cdk-lib';

/**
 * The permission to have AWS make a role of its own, which a service does at its first use in an account.
 * @param service its principal
 * @param role name of the role, or `*`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
export function makesServiceLinkedRole(stack: Stack, service: string, role: string) {
  const resourceName = `aws-service-role/${service}/${role}`;
  return {
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName })],
    conditions: { StringEquals: { 'iam:AWSServiceName': service } },
  };
}
