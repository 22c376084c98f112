import { Stack } from 'aws-cdk-lib';
import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { awsManagedRole } from './aws-managed-role';
import type { ClusterBoundary } from './cluster-boundary';

export interface NodeRoleProps {
  /** Nodes of Auto Mode ask EC2 for nothing. */
  readonly kind: 'autoMode' | 'managed';
  readonly boundary: ClusterBoundary;
  /** By which another account's repository of images knows it. @default '/' */
  readonly path?: string;
}

/**
 * Elsewhere EC2 has one name in IAM. In China it has two, and EKS wants that of the partition in the trust of a node's role;
 * the CDK writes the other one unless the domain is a reference.
 * @see https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3389
 */
function ec2Of(scope: Construct): string {
  const { region, urlSuffix } = Stack.of(scope);
  return region.startsWith('cn-') ? `ec2.${urlSuffix}` : 'ec2.amazonaws.com';
}

/**
 * What a node is: it may pull images and fetch the credentials of the pods on it. A pod gets none of that, because it
 * can't reach the node's metadata.
 */
export function nodeRole(scope: Construct, id: string, { kind, boundary, path }: NodeRoleProps): Role {
  const role = awsManagedRole(scope, id, {
    description: 'Nodes of the cluster',
    assumedBy: new ServicePrincipal(ec2Of(scope)),
    path,
    policies: [
      kind === 'autoMode' ? 'AmazonEKSWorkerNodeMinimalPolicy' : 'AmazonEKSWorkerNodePolicy',
      'AmazonEC2ContainerRegistryPullOnly',
    ],
  });
  boundary.applyTo(role);
  return role;
}
