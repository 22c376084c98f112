import type { Faults } from '../../core/faults';
import type { ModelSpec } from '../model-spec';
import type { EksCluster } from './cluster';
import { gpuCount } from './gpu-count';
import { hasNvidia, type NodeGroup } from './node-group';

/** Whether models with GPUs find nodes with as many. Which chart offers them to pods, `checkDelivery` judges. */
export function checkGpus(
  at: (path: string) => string,
  { capacity }: EksCluster,
  names: readonly string[],
  models: Readonly<Record<string, ModelSpec>>,
  faults: Faults,
): void {
  const wanted = names
    .map((name) => ({ name, gpus: models[name]?.kubernetes?.gpus ?? 0 }))
    .filter(({ gpus }) => gpus > 0);
  if (capacity.kind === 'autoMode') {
    if (wanted.length === 0 || capacity.gpus) return;
    faults.add(
      at('cluster.capacity.gpus'),
      `the pools of EKS have no instances with GPUs, got nothing for ${list(wanted)}`,
      "give instanceFamilies and maxGpus, as in { instanceFamilies: ['g6'], maxGpus: 4 }",
    );
    return;
  }
  for (const [name, group] of Object.entries(capacity.groups)) {
    checkImage(at(`cluster.capacity.groups.${name}`), group, faults);
  }
  if (wanted.length === 0) return;
  const withGpus = Object.values(capacity.groups).filter(isForNvidia);
  if (withGpus.length === 0) {
    faults.add(
      at('cluster.capacity.groups'),
      `models with GPUs need nodes with them, got none for ${list(wanted)}`,
      'add a group with the amiType BOTTLEROCKET_x86_64_NVIDIA, whose nodes offer their GPUs to pods',
    );
    return;
  }
  const counts = withGpus.flatMap(({ instanceTypes }) => instanceTypes.map(gpuCount));
  // A type that isn't in the table may have any number.
  const most = Math.max(...counts.map((count) => count ?? Number.POSITIVE_INFINITY));
  const beyond = wanted.filter(({ gpus }) => gpus > most);
  if (beyond.length === 0) return;
  faults.add(
    at('cluster.capacity.groups'),
    `the GPUs of a pod are those of one node, and the largest has ${most}, got ${list(beyond)}`,
    'add a larger instance type, or ask for fewer GPUs',
  );
}

/** Whether nodes have the driver of NVIDIA. */
export function isForNvidia({ amiType }: Pick<NodeGroup, 'amiType'>): boolean {
  return amiType.endsWith('_NVIDIA');
}

/** Whether a chart has to offer the GPUs of nodes to pods: Bottlerocket and Auto Mode do so by themselves. */
export function needsDevicePlugin({ capacity }: EksCluster): boolean {
  if (capacity.kind === 'autoMode') return false;
  return Object.values(capacity.groups).some((group) => isForNvidia(group) && group.amiType.startsWith('AL2023'));
}

function checkImage(where: string, group: NodeGroup, faults: Faults): void {
  for (const type of group.instanceTypes) {
    if (hasNvidia(type) === isForNvidia(group)) continue;
    faults.add(
      `${where}.amiType`,
      hasNvidia(type)
        ? `nobody can use the GPUs of ${type} without their driver, got ${group.amiType}`
        : `${type} has no GPU of NVIDIA, got ${group.amiType}`,
      hasNvidia(type) ? 'use BOTTLEROCKET_x86_64_NVIDIA or another one for NVIDIA' : 'use one without NVIDIA',
    );
  }
}

function list(models: readonly { readonly name: string; readonly gpus: number }[]): string {
  return models.map(({ name, gpus }) => `${gpus} of ${name}`).join(', ');
}
