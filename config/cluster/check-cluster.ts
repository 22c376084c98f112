import type { Faults } from '../../core/faults';
import { checkDistinct } from '../check-distinct';
import type { EnvironmentSpec } from '../environment-spec';
import type { ModelSpec } from '../model-spec';
import { ADDON_IMAGES_PAGE, sharedAddonImageAccount } from './addon-images';
import { checkGpus } from './check-gpus';
import { checkLoadBalancer } from './check-load-balancer';
import type { EksCluster } from './cluster';
import { isArm, type NodeGroup, TAKEN_GROUPS } from './node-group';

type At = (path: string) => string;

/** Holds the clusters of all environments against their planes, networks and models. */
export function checkClusters(
  file: string,
  environments: Readonly<Record<string, EnvironmentSpec>>,
  models: Readonly<Record<string, ModelSpec>>,
  faults: Faults,
): void {
  for (const [name, environment] of Object.entries(environments)) {
    const at = (path: string) => `${file}: ${name}.${path}`;
    const { cluster, kubernetes, emulated } = environment;
    if (!cluster) continue;
    if (!kubernetes) {
      faults.add(
        at('cluster'),
        'is for the plane kubernetes, got no such plane',
        'add the plane and its settings, or leave the cluster out',
      );
    }
    const made = cluster.kind === 'eks' ? 'eks' : cluster.podIdentity ? 'podIdentity' : undefined;
    if (emulated && made) {
      faults.add(at('cluster'), `the local AWS knows no EKS, got ${made}`, 'leave it out of an emulated environment');
    }
    if (cluster.kind === 'eks') {
      checkEks(at, cluster, environment, models, faults);
      checkLoadBalancer(at, environment, faults);
    }
  }
  checkNames(file, environments, faults);
}

function checkEks(
  at: At,
  cluster: EksCluster,
  { models: names, network, kubernetes, region }: EnvironmentSpec,
  models: Readonly<Record<string, ModelSpec>>,
  faults: Faults,
): void {
  const { version, capacity, addonImageAccount } = cluster;
  if (network.availabilityZones < 2) {
    faults.add(
      at('network.availabilityZones'),
      `EKS takes subnets of two zones or more, got ${network.availabilityZones}`,
      'raise it to 2: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html',
    );
  }
  if (addonImageAccount === undefined && sharedAddonImageAccount(region) === undefined) {
    faults.add(
      at('cluster.addonImageAccount'),
      `the images of add-ons are in an account of this region's own, got nothing for ${region}`,
      `look it up: ${ADDON_IMAGES_PAGE}`,
    );
  }
  for (const [model, { stable, candidate }] of Object.entries(kubernetes?.releases ?? {})) {
    if (minor(version) >= 35 || ![stable, candidate].some((release) => release?.artefact.kind === 'image')) continue;
    faults.add(
      at('cluster.version'),
      `mounts images as volumes from 1.35 on, got ${version} and the artefact of ${model}`,
      'raise the version, or use an artefact of the kind download',
    );
  }
  checkGpus(at, cluster, names, models, faults);
  if (capacity.kind === 'autoMode') return;
  const proxy = capacity.addons['kube-proxy'];
  const skew = minor(version) - minor(proxy);
  if (skew < 0 || skew > 3) {
    faults.add(
      at('cluster.capacity.addons.kube-proxy'),
      `must be at most the cluster's minor version and at most three behind it, got ${proxy} for ${version}`,
      'take a version of the same minor: https://kubernetes.io/releases/version-skew-policy/',
    );
  }
  const groups = Object.keys(capacity.groups);
  checkDistinct(
    { names: groups, where: (index) => at(`cluster.capacity.groups.${groups[index]}`), taken: TAKEN_GROUPS },
    faults,
  );
  for (const [group, settings] of Object.entries(capacity.groups)) {
    checkGroup(at(`cluster.capacity.groups.${group}`), settings, faults);
  }
}

function checkGroup(where: string, { nodes, instanceTypes, amiType }: NodeGroup, faults: Faults): void {
  if (nodes.min > nodes.max) {
    faults.add(
      `${where}.nodes`,
      `min must not exceed max, got ${nodes.min} and ${nodes.max}`,
      'swap or widen the bounds',
    );
  }
  for (const type of instanceTypes) {
    if (isArm(type) === amiType.includes('ARM_64')) continue;
    faults.add(
      `${where}.instanceTypes`,
      `${type} is ${isArm(type) ? 'ARM' : 'x86'}, got the amiType ${amiType}`,
      `use an amiType for ${isArm(type) ? 'ARM_64' : 'x86_64'}, or another instance type`,
    );
  }
}

/** `1.35`, or `v1.35.2-eksbuild.1`, to 35. */
function minor(version: string): number {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
}

function checkNames(file: string, environments: Readonly<Record<string, EnvironmentSpec>>, faults: Faults): void {
  const first = new Map<string, string>();
  for (const [name, { cluster, kubernetes, account, region }] of Object.entries(environments)) {
    if (cluster?.kind !== 'eks' || !kubernetes) continue;
    const place = [account, region, kubernetes.cluster].join('/');
    const other = first.get(place);
    first.set(place, other ?? name);
    if (other === undefined) continue;
    faults.add(
      `${file}: ${name}.kubernetes.cluster`,
      `two clusters of an account and region can't have one name, got ${kubernetes.cluster} of ${other} and of ${name}`,
      `rename one, or give ${name} the cluster { kind: 'existing' } to share it`,
    );
  }
}
