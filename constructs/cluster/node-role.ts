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
 * What a node is: it may pull images and fetch the credentials of the pods on it. A pod gets none of that, because it
 * can't reach the node's metadata.
 */
export function nodeRole(scope: Construct, id: string, { kind, boundary, path }: NodeRoleProps): Role {
  const role = awsManagedRole(scope, id, {
    description: 'Nodes of the cluster',
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    path,
    policies: [
      kind === 'autoMode' ? 'AmazonEKSWorkerNodeMinimalPolicy' : 'AmazonEKSWorkerNodePolicy',
      'AmazonEC2ContainerRegistryPullOnly',
    ],
  });
  boundary.applyTo(role);
  return role;
}
