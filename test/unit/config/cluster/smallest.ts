import type { z } from 'zod';
import type { Cluster } from '../../../../config/cluster/cluster';
import { image } from '../kubernetes/smallest';

export type ClusterInput = z.input<typeof Cluster>;
type EksInput = Extract<ClusterInput, { kind: 'eks' }>;
type ManagedInput = Extract<EksInput['capacity'], { kind: 'managedNodeGroups' }>;

export const ADMIN = 'arn:aws:iam::123456789012:role/platform-admin';

/** The smallest valid cluster: Auto Mode. */
export function eks(overrides: Partial<EksInput> = {}): EksInput {
  return {
    kind: 'eks',
    version: '1.35',
    capacity: { kind: 'autoMode' },
    metricsServer: 'v0.8.0-eksbuild.2',
    adminRoleArns: [ADMIN],
    ...overrides,
  };
}

/** The smallest valid node group. */
export function nodeGroup(overrides: Partial<ManagedInput['groups'][string]> = {}): ManagedInput['groups'][string] {
  return { instanceTypes: ['m7i.xlarge'], nodes: { min: 2, max: 6 }, ...overrides };
}

export function managed(overrides: Partial<ManagedInput> = {}): ManagedInput {
  return {
    kind: 'managedNodeGroups',
    groups: { general: nodeGroup() },
    addons: {
      'vpc-cni': 'v1.20.4-eksbuild.1',
      coredns: 'v1.12.4-eksbuild.1',
      'kube-proxy': 'v1.35.0-eksbuild.2',
      'eks-pod-identity-agent': 'v1.3.9-eksbuild.3',
    },
    ...overrides,
  };
}

/** How artefacts get into pods, for environments whose pods download them. */
export const download = { image: image('fetch-model'), cidrs: ['0.0.0.0/0'] };
