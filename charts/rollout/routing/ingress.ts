import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1';

export interface IngressProps {
  readonly name: string;
  readonly ingressClass: string;
  readonly host: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** What is let in. */
  readonly paths: readonly string[];
  /** @default 'Prefix' */
  readonly pathType?: 'Prefix' | 'ImplementationSpecific';
  readonly service: string;
  /** Of the Service: its number, or a name that the controller of the Ingress gives a meaning. */
  readonly port: { readonly number: number } | { readonly name: string };
}

/** Lets predictions in by a controller of Ingresses. */
export function ingress(props: IngressProps): IIngress {
  const { name, ingressClass, host, annotations, paths, pathType = 'Prefix', service, port } = props;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, annotations: { ...annotations } },
    spec: {
      ingressClassName: ingressClass,
      tls: [{ hosts: [host] }],
      rules: [
        {
          host,
          http: {
            paths: paths.map((path) => ({ path, pathType, backend: { service: { name: service, port } } })),
          },
        },
      ],
    },
  };
}
