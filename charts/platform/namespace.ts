import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { INamespace } from 'kubernetes-models/v1';

const MODES = ['enforce', 'audit', 'warn'] as const;

/** Takes no pod that the Pod Security Standard `restricted` forbids. */
export function namespace(name: string): INamespace {
  const labels = MODES.map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']);
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: Object.fromEntries(labels) } };
}

/** Nothing comes in and nothing goes out that a policy of a model doesn't open. */
export function defaultDeny(): INetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
}
