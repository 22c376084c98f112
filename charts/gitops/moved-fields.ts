import type { Engine } from '../../config/kubernetes/engine';

/** A field of an emitted object that the engine's controller changes while it shifts traffic. */
export interface MovedField {
  readonly group: string;
  readonly kind: string;
  /** As jq writes it. */
  readonly path: string;
}

/** One annotation a Service, with the weights in it. */
const ALB_ACTIONS =
  '.metadata.annotations[.metadata.annotations | keys[] | select(startswith("alb.ingress.kubernetes.io/actions."))]';

/** What whoever applies manifests has to leave alone, lest each look at Git take a canary back. */
export function movedFields(engine: Engine): readonly MovedField[] {
  if (engine.kind !== 'argo-rollouts') return [];
  switch (engine.traffic?.kind) {
    case 'gateway-api':
      return [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', path: '.spec.rules[].backendRefs[].weight' }];
    case 'istio':
      return [
        { group: 'networking.istio.io', kind: 'VirtualService', path: '.spec.http[].route[].weight' },
        ...(engine.traffic.split === 'subsets'
          ? [{ group: 'networking.istio.io', kind: 'DestinationRule', path: '.spec.subsets[].labels' }]
          : []),
      ];
    case 'alb':
      return [{ group: 'networking.k8s.io', kind: 'Ingress', path: ALB_ACTIONS }];
    default:
      return [];
  }
}
