import { CfnOutput } from 'aws-cdk-lib';
import type { Construct, IDependable } from 'constructs';
import type { EksCluster as EksClusterSpec } from '../config/cluster/cluster';
import { LOAD_BALANCER_CONTROLLER } from '../config/kubernetes/programs';
import { namespaceOf, serviceAccountOf } from '../config/kubernetes/served-model';
import type { KubernetesPlane } from '../config/kubernetes/settings';
import { AppliedManifests, type AppliedManifestsProps } from '../constructs/cluster/applied-manifests';
import { ClusterAccess } from '../constructs/cluster/cluster-access';
import { ClusterAddon } from '../constructs/cluster/cluster-addon';
import { ClusterBoundary } from '../constructs/cluster/cluster-boundary';
import { EksCluster } from '../constructs/cluster/eks-cluster';
import { LoadBalancerController } from '../constructs/cluster/load-balancer-controller';
import { ManagedCapacity } from '../constructs/cluster/managed-capacity';
import { ModelIdentity } from '../constructs/cluster/model-identity';
import { nodeRole } from '../constructs/cluster/node-role';
import type { Network } from '../constructs/network/network';
import type { Keys } from '../constructs/security/keys';
import type { Personas } from '../constructs/security/personas';
import type { DataLake } from '../constructs/storage/data-lake';
import { InvalidInputError } from '../core/invalid-input-error';
import { type Environment, EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

/** Charts, and objects by folder: what `charts/` makes of an environment. */
export type Manifests = Pick<AppliedManifestsProps, 'programs' | 'objects'>;

export interface ClusterStackProps extends EnvironmentStackProps {
  readonly network: Network;
  readonly keys: Keys;
  readonly personas: Personas;
  readonly lake: DataLake;
  /** The environment's settings of the plane. */
  readonly plane: KubernetesPlane;
  /** What CloudFormation applies, where it does. @default - nothing */
  readonly manifests?: Manifests;
}

/** Whether an environment has anything of a cluster: one of its own, or roles for pods in somebody else's. */
export function hasClusterStack({ cluster }: Environment): boolean {
  return cluster?.kind === 'eks' || cluster?.podIdentity === true;
}

/** The cluster of the plane `kubernetes`, and what the models' pods may do in AWS. */
export class ClusterStack extends EnvironmentStack {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterStackProps,
  ) {
    super(scope, id, props, { concern: 'cluster', stateful: true });
    const { environment, plane } = props;
    const { cluster } = environment;
    const made = cluster?.kind === 'eks' ? this.makeCluster(cluster) : undefined;
    const identities = plane.download ? environment.models.map((model) => this.identity(model)) : [];
    if (made) {
      for (const identity of identities) identity.node.addDependency(made.eks);
      // A pod gets its credentials when it is made: one that comes before its identity never has any.
      if (plane.delivery.kind === 'cdk') this.apply(made.eks, [...made.ready, ...identities]);
    }
    new CfnOutput(this, 'ClusterName', { value: plane.cluster });
  }

  /** @returns the cluster, and what has to be there before anything is applied to it */
  private makeCluster(spec: EksClusterSpec): { readonly eks: EksCluster; readonly ready: readonly IDependable[] } {
    const { network, keys, plane, personas, source } = this.props;
    const { capacity } = spec;
    // Nodes pull the images of models, which another account's repository lets such roles do.
    const path = source?.isForeign ? source.rolePath : undefined;
    const boundary = new ClusterBoundary(this, 'Boundary');
    const made = new EksCluster(this, 'Eks', {
      name: plane.cluster,
      version: spec.version,
      network,
      boundary,
      logKey: keys.operations,
      logRetentionDays: spec.logRetentionDays,
      removalPolicy: this.removalPolicy,
      appliesManifests: plane.delivery.kind === 'cdk',
      autoMode:
        capacity.kind === 'autoMode'
          ? {
              nodePools: capacity.nodePools,
              nodeRole: nodeRole(this, 'NodeRole', { kind: 'autoMode', boundary, path }),
            }
          : undefined,
    });
    const { cluster } = made;
    const metrics = new ClusterAddon(this, 'MetricsServer', {
      cluster,
      name: 'metrics-server',
      version: spec.metricsServer,
    });
    if (capacity.kind === 'managedNodeGroups') {
      const managed = new ManagedCapacity(this, 'Capacity', {
        cluster,
        clusterName: plane.cluster,
        boundary,
        nodeRolePath: path,
        subnetIds: network.vpcConfig.subnets,
        diskKey: keys.data,
        groups: capacity.groups,
        addons: capacity.addons,
      });
      metrics.node.addDependency(managed);
    }
    new ClusterAccess(this, 'Access', {
      cluster,
      environmentName: this.props.environmentName,
      namespace: this.namespace,
      roleArns: personas.roleArns,
      adminRoleArns: spec.adminRoleArns,
    });
    return { eks: made, ready: [metrics, ...this.balancer(made, boundary)] };
  }

  /** Who makes load balancers, where the engine has one and nobody else looks after its controller. */
  private balancer({ cluster }: EksCluster, boundary: ClusterBoundary): readonly LoadBalancerController[] {
    const { plane, network } = this.props;
    const { engine, programs } = plane;
    const { program, namespace, serviceAccount } = LOAD_BALANCER_CONTROLLER;
    const asked = 'traffic' in engine && engine.traffic?.kind === 'alb';
    if (!asked || programs?.elsewhere.includes(program)) return [];
    const { vpcId } = network.vpc;
    const props = { cluster, clusterName: plane.cluster, namespace, serviceAccount, vpcId, boundary };
    return [new LoadBalancerController(this, 'LoadBalancers', props)];
  }

  private apply({ cluster }: EksCluster, ready: readonly IDependable[]): void {
    const { manifests, plane, environmentName } = this.props;
    if (!manifests) {
      throw new InvalidInputError(
        `${environmentName}.kubernetes.delivery`,
        'cdk applies manifests, got none to apply',
        'pass those of charts/ to PlatformStage, as bin/mlops.ts does',
      );
    }
    const registry = plane.programs?.registry ?? '';
    new AppliedManifests(this, 'Applied', { cluster, registry, ...manifests }).node.addDependency(...ready);
  }

  /** What downloads a model is the init container of its pods, so each model's pods may read that model. */
  private identity(modelName: string): ModelIdentity {
    const { plane, lake, source } = this.props;
    return new ModelIdentity(this, `Identity-${modelName}`, {
      clusterName: plane.cluster,
      namespace: this.namespace,
      serviceAccount: serviceAccountOf(modelName),
      modelName,
      lake,
      source,
    });
  }

  private get namespace(): string {
    return namespaceOf(this.props.environmentName, this.props.environment);
  }
}
