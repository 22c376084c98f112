import { Stack } from 'aws-cdk-lib';
import { type IManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface PodRoleProps {
  readonly description: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Of the role, for policies elsewhere that name roles by it. @default '/' */
  readonly path?: string;
  /** @default - what is granted */
  readonly managedPolicies?: readonly IManagedPolicy[];
}

/**
 * A role for the pods of one service account, in one namespace of one cluster of this account. EKS sends the three as tags
 * of the session.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podRole(scope: Construct, id: string, props: PodRoleProps): Role {
  const principal = new ServicePrincipal('pods.eks.amazonaws.com', {
    conditions: {
      StringEquals: {
        'aws:SourceAccount': Stack.of(scope).account,
        'aws:RequestTag/eks-cluster-name': props.clusterName,
        'aws:RequestTag/kubernetes-namespace': props.namespace,
        'aws:RequestTag/kubernetes-service-account': props.serviceAccount,
      },
    },
  });
  return new Role(scope, id, {
    description: props.description,
    path: props.path,
    assumedBy: principal.withSessionTags(),
    managedPolicies: props.managedPolicies && [...props.managedPolicies],
  });
}
