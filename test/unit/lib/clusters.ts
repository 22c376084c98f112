import { Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { appliedManifests } from '../../../charts/applied-manifests';
import type { EnvironmentInput } from '../../../config/environment-spec';
import { defineEnvironments, defineModels } from '../../../config/schema';
import { PermissionsBoundary } from '../../../constructs/security/permissions-boundary';
import { Personas } from '../../../constructs/security/personas';
import { ClusterStack } from '../../../lib/cluster-stack';
import { NetworkStack } from '../../../lib/network-stack';
import type { PlatformStage } from '../../../lib/platform-stage';
import { type ClusterInput, download, eks, managed, nodeGroup } from '../config/cluster/smallest';
import { kubernetesModel, plane, release } from '../config/kubernetes/smallest';
import { environment } from '../config/smallest';
import { account, app, keys, lake, region } from '../constructs/smallest';
import { platform } from './platform';

const models = defineModels({ churn: kubernetesModel(), basket: kubernetesModel() });

/** Every kind of cluster that has a stack. */
export const CLUSTERS = {
  'Auto Mode': eks(),
  'managed node groups': eks({
    capacity: managed({
      groups: {
        general: nodeGroup(),
        'spot-gpus': nodeGroup({
          amiType: 'BOTTLEROCKET_x86_64_NVIDIA',
          instanceTypes: ['g6.xlarge', 'g5.xlarge'],
          nodes: { min: 0, max: 4 },
          capacity: 'spot',
          diskGb: 120,
        }),
      },
    }),
  }),
  'existing, with Pod Identity': { kind: 'existing', podIdentity: true },
} as const satisfies Readonly<Record<string, ClusterInput>>;

type Overrides = Partial<Omit<EnvironmentInput, 'models'>>;

function settings(cluster: ClusterInput, overrides: Overrides): Overrides {
  return {
    planes: ['kubernetes'],
    kubernetes: plane({ releases: { churn: {}, basket: {} }, download }),
    cluster,
    ...overrides,
  };
}

export const CERTIFICATE = `arn:aws:acm:${region}:${account}:certificate/0a1b2c3d`;

/** Models behind a load balancer, whose controller somebody installs by hand. */
export const BEHIND_ALB: Overrides = {
  kubernetes: plane({
    engine: {
      kind: 'argo-rollouts',
      traffic: { kind: 'alb', domain: 'models.example.com', cidrs: ['10.0.0.0/16'], certificateArn: CERTIFICATE },
    },
    releases: { churn: {}, basket: {} },
  }),
};

const REGISTRY = `${account}.dkr.ecr.${region}.amazonaws.com/charts`;

/** What CloudFormation applies: two programs, and one model of two that has a release. */
export const APPLIED: Overrides = {
  kubernetes: plane({
    engine: { kind: 'argo-rollouts' },
    releases: { churn: { stable: release() }, basket: {} },
    delivery: { kind: 'cdk' },
    programs: {
      registry: REGISTRY,
      charts: {
        'kube-prometheus-stack': { version: '80.4.1', values: { global: { imageRegistry: REGISTRY } } },
        'argo-rollouts': { version: '2.40.5' },
      },
    },
  }),
};

/** The environment `test` of two models on a cluster, which download their artefacts. */
export function clusterStage(cluster: ClusterInput, overrides: Overrides = {}): PlatformStage {
  return platform(models, settings(cluster, overrides));
}

/** Of the same environment the stack of the cluster and that of its network, without all others: far sooner made. */
export function clusterStacks(cluster: ClusterInput, overrides: Overrides = {}) {
  const common = {
    environmentName: 'test',
    environment: defineEnvironments(models, {
      test: environment(['churn', 'basket'], { account, region, ...settings(cluster, overrides) }),
    }).test,
  };
  const stage = new Stage(app(), 'test', { env: { account, region: common.environment.region } });
  // The layers of the function that applies manifests are long files.
  stage.node.setContext(DISABLE_ASSET_STAGING_CONTEXT, true);
  const shared = new Stack(stage, 'Shared');
  new PermissionsBoundary(shared, 'PermissionsBoundary').applyTo(stage);
  const props = { keys: keys(shared), personas: new Personas(shared, 'Personas'), lake: lake(shared) };
  const { kubernetes } = common.environment;
  if (!kubernetes) throw new Error('no plane');
  const network = new NetworkStack(stage, 'Network', { ...common, ...props });
  const made = new ClusterStack(stage, 'Cluster', {
    ...common,
    ...props,
    network: network.network,
    plane: kubernetes,
    ...(kubernetes.delivery.kind === 'cdk' ? { manifests: appliedManifests('test', common.environment, models) } : {}),
  });
  return {
    stack: made,
    get cluster() {
      return Template.fromStack(made);
    },
    get network() {
      return Template.fromStack(network);
    },
  };
}
