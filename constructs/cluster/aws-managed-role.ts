import { Validations } from 'aws-cdk-lib';
import { type IManagedPolicy, type IPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface AwsManagedRoleProps {
  readonly description: string;
  readonly assumedBy: IPrincipal;
  /** For policies elsewhere that name roles by it. @default '/' */
  readonly path?: string;
  /** Names of policies that AWS writes for this very role, and changes when EKS does. */
  readonly policies: readonly string[];
}

/** A role that the service's own documentation describes: its permissions are AWS's to keep up with. */
export function awsManagedRole(scope: Construct, id: string, props: AwsManagedRoleProps): Role {
  const role = new Role(scope, id, {
    description: props.description,
    assumedBy: props.assumedBy,
    path: props.path,
    managedPolicies: props.policies.map((name): IManagedPolicy => ManagedPolicy.fromAwsManagedPolicyName(name)),
  });
  for (const name of props.policies) acknowledgeManaged(role, name);
  return role;
}

/** Answers cdk-nag's finding about one policy that AWS manages. */
export function acknowledgeManaged(role: Construct, name: string): void {
  const arn = `arn:<AWS::Partition>:iam::aws:policy/${name}`;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM4[Policy::${arn}]`,
    reason: `EKS asks for ${name} by name and AWS changes it with EKS; a copy of ours would fall behind`,
  });
}
