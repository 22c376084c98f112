import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { MODEL_LABEL } from '../labels';
import { objectName } from '../object-name';

/**
 * Requests over HTTP/1, HTTP/2 and TLS, and what Knative scales by.
 * @see https://github.com/knative/serving/blob/main/pkg/networking/constants.go
 */
const PORTS = [8012, 8013, 8112, 9090] as const;

/** Lets Knative call the proxy that it puts beside a model's server. */
export function queueProxyPolicy(model: string, namespaces: readonly string[]): INetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: objectName(model, 'queue-proxy') },
    spec: {
      podSelector: { matchLabels: { [MODEL_LABEL]: model } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: namespaces.map((name) => ({
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
          })),
          ports: PORTS.map((port) => ({ protocol: 'TCP', port })),
        },
      ],
    },
  };
}
