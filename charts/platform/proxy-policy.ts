import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { MODEL_LABEL } from '../labels';
import { objectName } from '../object-name';

/**
 * Of Knative's: requests over HTTP/1, HTTP/2 and TLS, and what Knative scales by.
 * @see https://github.com/knative/serving/blob/main/pkg/networking/constants.go
 */
export const QUEUE_PROXY = { name: 'queue-proxy', ports: [8012, 8013, 8112, 9090] } as const;
/** Of Seldon's: requests over HTTP. */
export const EXECUTOR = { name: 'executor', ports: [8000] } as const;

/** Lets a proxy be called that a controller puts beside a model's server. */
export function proxyPolicy(
  model: string,
  proxy: { readonly name: string; readonly ports: readonly number[] },
  namespaces: readonly string[],
): INetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: objectName(model, proxy.name) },
    spec: {
      podSelector: { matchLabels: { [MODEL_LABEL]: model } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: namespaces.map((name) => ({
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
          })),
          ports: proxy.ports.map((port) => ({ protocol: 'TCP', port })),
        },
      ],
    },
  };
}
