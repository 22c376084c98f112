import { Size } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { NodeGroup as NodeGroupSpec } from '../../config/cluster/node-group';
import { pascalCase } from '../../core/names';
import { acknowledgeManaged } from './aws-managed-role';
import { ClusterAddon, type ClusterAddonProps } from './cluster-addon';
import type { ClusterBoundary } from './cluster-boundary';
import { NodeGroup } from './node-group';
import { nodeRole } from './node-role';
import { podRole } from './pod-role';

export interface ManagedCapacityProps {
  readonly cluster: ICluster;
  /** Of the cluster, as a literal. */
  readonly clusterName: string;
  readonly boundary: ClusterBoundary;
  /** By which another account's repository of images knows the nodes. @default '/' */
  readonly nodeRolePath?: string;
  readonly subnetIds: readonly string[];
  /** Encrypts the disks of nodes; its policy has to let them use it. */
  readonly diskKey: IKey;
  readonly groups: Readonly<Record<string, NodeGroupSpec>>;
  /** Versions. */
  readonly addons: Readonly<Record<'vpc-cni' | 'coredns' | 'kube-proxy' | 'eks-pod-identity-agent', string>>;
}

const CNI_POLICY = 'AmazonEKS_CNI_Policy';

/** Node groups, and the add-ons that nodes can't do without, in the order in which they need each other. */
export class ManagedCapacity extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ManagedCapacityProps,
  ) {
    super(scope, id);
    const { cluster, boundary, subnetIds, diskKey, groups } = props;
    // A node is ready when it has a network, so this comes before the first one.
    const onNodes = [
      this.addon('eks-pod-identity-agent'),
      this.addon('kube-proxy'),
      this.addon('vpc-cni', {
        // Policies of Kubernetes are only words otherwise.
        settings: { enableNetworkPolicy: 'true' },
        identity: { serviceAccount: 'aws-node', role: this.cniRole() },
      }),
    ];
    const role = nodeRole(this, 'NodeRole', { kind: 'managed', boundary, path: props.nodeRolePath });
    const nodes = Object.entries(groups).map(([name, group]) => {
      const { resource } = new NodeGroup(this, pascalCase(name), {
        cluster,
        role,
        subnetIds,
        instanceTypes: group.instanceTypes,
        amiType: group.amiType,
        spot: group.capacity === 'spot',
        disk: Size.gibibytes(group.diskGb),
        diskKey,
        ...group.nodes,
      });
      resource.node.addDependency(...onNodes);
      return resource;
    });
    this.addon('coredns').node.addDependency(...nodes);
  }

  private addon(
    name: keyof ManagedCapacityProps['addons'],
    props: Pick<ClusterAddonProps, 'settings' | 'identity'> = {},
  ): ClusterAddon {
    const { cluster, addons } = this.props;
    return new ClusterAddon(this, `Addon${pascalCase(name)}`, { cluster, name, version: addons[name], ...props });
  }

  private cniRole() {
    const role = podRole(this, 'CniRole', {
      description: 'Gives pods their addresses',
      clusterName: this.props.clusterName,
      namespace: 'kube-system',
      serviceAccount: 'aws-node',
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(CNI_POLICY)],
    });
    acknowledgeManaged(role, CNI_POLICY);
    return role;
  }
}
