import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { INamespace } from 'kubernetes-models/v1';
import type { Engine } from '../../config/kubernetes/engine';

const MODES = ['enforce', 'audit', 'warn'] as const;

/**
 * Has a pod wait until the load balancer calls it healthy: otherwise an update ends old pods that alone are.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate/
 */
const ALB_READINESS = { 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' };

/** Takes no pod that the Pod Security Standard `restricted` forbids. */
export function namespace(name: string, engine?: Engine): INamespace {
  const restricted = MODES.map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']);
  const byAlb = engine?.kind === 'argo-rollouts' && engine.traffic?.kind === 'alb';
  const labels = { ...Object.fromEntries(restricted), ...(byAlb ? ALB_READINESS : {}) };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
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
