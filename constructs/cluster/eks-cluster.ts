import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import { Annotations, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ClusterLoggingTypes,
  DefaultCapacityType,
  EndpointAccess,
  KubernetesVersion,
} from 'aws-cdk-lib/aws-eks-v2';
import { type IRole, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EksCluster as EksClusterSpec } from '../../config/cluster/cluster';
import type { Network } from '../network/network';
import { acknowledgeManaged, awsManagedRole } from './aws-managed-role';
import type { ClusterBoundary } from './cluster-boundary';
import { narrowProvider } from './narrow-provider';

export interface EksClusterProps {
  /** Of the cluster; another one is another cluster. */
  readonly name: string;
  /** Minor version, such as `1.35`. */
  readonly version: string;
  /** Two zones or more, with what EKS calls among its endpoints. */
  readonly network: Network;
  readonly boundary: ClusterBoundary;
  /** Encrypts the logs of the control plane; its policy has to let CloudWatch Logs use it. */
  readonly logKey: IKey;
  /** How long those logs are kept. */
  readonly logRetentionDays: EksClusterSpec['logRetentionDays'];
  /** What becomes of logs and of the key of secrets when their stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * Pools of nodes that EKS looks after by itself.
   * @default - no Auto Mode: node groups are added
   */
  readonly autoMode?: { readonly nodePools: readonly string[]; readonly nodeRole: IRole };
  /**
   * Whether a function in the VPC can apply manifests and charts: it is an administrator of the cluster.
   * @default false
   */
  readonly appliesManifests?: boolean;
}

const RETENTION: Readonly<Record<EksClusterProps['logRetentionDays'], RetentionDays>> = {
  30: RetentionDays.ONE_MONTH,
  60: RetentionDays.TWO_MONTHS,
  90: RetentionDays.THREE_MONTHS,
  180: RetentionDays.SIX_MONTHS,
  365: RetentionDays.ONE_YEAR,
  400: RetentionDays.THIRTEEN_MONTHS,
  731: RetentionDays.TWO_YEARS,
};

const AUTO_MODE_POLICIES = [
  'AmazonEKSComputePolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingPolicy',
];

/**
 * A cluster that only its VPC reaches: secrets under a key of their own, every log of the control plane kept, nobody let
 * in but by access entries. Whoever creates it isn't its administrator.
 */
export class EksCluster extends Construct {
  readonly cluster: Cluster;
  /** Encrypts the secrets of Kubernetes in etcd. A cluster whose key is gone can't be read any more. */
  readonly secretsKey: Key;

  constructor(scope: Construct, id: string, props: EksClusterProps) {
    super(scope, id);
    const { name, version, network, removalPolicy, autoMode } = props;
    this.secretsKey = new Key(this, 'SecretsKey', {
      description: `Secrets of the Kubernetes cluster ${name}`,
      enableKeyRotation: true,
      removalPolicy,
    });
    const logs = new LogGroup(this, 'ControlPlaneLogs', {
      // EKS logs there, and would make it itself: unencrypted, and for good.
      logGroupName: `/aws/eks/${name}/cluster`,
      encryptionKey: props.logKey,
      retention: RETENTION[props.logRetentionDays],
      removalPolicy,
    });
    this.cluster = new Cluster(this, 'Cluster', {
      clusterName: name,
      version: KubernetesVersion.of(version),
      vpc: network.vpc,
      vpcSubnets: [{ subnets: [...network.subnets] }],
      endpointAccess: EndpointAccess.PRIVATE,
      securityGroup: new SecurityGroup(this, 'ControlPlane', {
        vpc: network.vpc,
        description: 'Control plane of the cluster',
        allowAllOutbound: false,
      }),
      role: this.role(props),
      secretsEncryptionKey: this.secretsKey,
      clusterLogging: Object.values(ClusterLoggingTypes),
      bootstrapClusterCreatorAdminPermissions: false,
      bootstrapSelfManagedAddons: false,
      outputConfigCommand: false,
      kubectlProviderOptions: props.appliesManifests
        ? { kubectlLayer: new KubectlV35Layer(this, 'Kubectl') }
        : undefined,
      defaultCapacityType: autoMode ? DefaultCapacityType.AUTOMODE : DefaultCapacityType.NODEGROUP,
      ...(autoMode
        ? { compute: { nodePools: [...autoMode.nodePools], nodeRole: autoMode.nodeRole } }
        : { defaultCapacity: 0 }),
    });
    this.cluster.node.addDependency(logs);
    const { kubectlProvider } = this.cluster;
    if (kubectlProvider?.role) {
      // The environment's boundary would not let it ask EKS for the address of the cluster.
      props.boundary.applyTo(kubectlProvider.role);
      narrowProvider(this.cluster);
    }
    Validations.of(this.cluster).acknowledge({
      id: 'CloudFormation-Validate::W9009',
      reason: 'Secrets are all that EKS encrypts, and the CDK says so by the old property',
    });
    // The endpoints are there: NetworkStack adds them where there is a cluster.
    Annotations.of(this.cluster).acknowledgeWarning('@aws-cdk/aws-eks:isolatedSubnetsForKubectlPrivateSubnets');
  }

  private role({ boundary, autoMode }: EksClusterProps): Role {
    const role = awsManagedRole(this, 'Role', {
      description: 'Control plane of the cluster',
      assumedBy: new ServicePrincipal('eks.amazonaws.com'),
      policies: ['AmazonEKSClusterPolicy'],
    });
    // The CDK attaches these itself.
    if (autoMode) for (const policy of AUTO_MODE_POLICIES) acknowledgeManaged(role, policy);
    boundary.applyTo(role);
    return role;
  }
}
