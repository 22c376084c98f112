import type { IConfigMap } from 'kubernetes-models/v1';

/**
 * Turns NetworkPolicies on in a cluster on EKS Auto Mode: until then they are only words there.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
 */
export function autoModeNetworkPolicies(): IConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
    data: { 'enable-network-policy-controller': 'true' },
  };
}
