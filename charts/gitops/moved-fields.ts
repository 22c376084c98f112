import type { Engine } from '../../config/kubernetes/engine';
import type { RolloutsTraffic } from '../../config/kubernetes/traffic';
import { ROLLOUT_HASH_LABEL } from '../labels';
import { MIRROR_ROUTE } from '../rollout/routing/istio';

/** A field of an emitted object that the engine's controller changes while it shifts traffic. */
export interface MovedField {
  /** Empty for Kubernetes' own first one. */
  readonly group: string;
  readonly kind: string;
  /** As jq writes it. */
  readonly path: string;
}

/** One annotation a Service, with the weights in it. */
const ALB_ACTIONS =
  '.metadata.annotations[.metadata.annotations | keys[] | select(startswith("alb.ingress.kubernetes.io/actions."))]';

/** Weights, and the route that comes before the others while a shadow gets copies. */
const ISTIO_ROUTES = `.spec.http[].route[].weight, (.spec.http[] | select(.name == "${MIRROR_ROUTE}"))`;

/**
 * The version that a Service is of. The selector is one field of a Service, so whoever applies it on the server takes the
 * version out, and callers reach all versions alike (https://github.com/argoproj/argo-rollouts/issues/3437).
 */
const SERVICE: MovedField = { group: '', kind: 'Service', path: `.spec.selector["${ROLLOUT_HASH_LABEL}"]` };

/** What whoever applies manifests has to leave alone, lest each look at Git take a canary back. */
export function movedFields(engine: Engine): readonly MovedField[] {
  return engine.kind === 'argo-rollouts' ? [SERVICE, ...byTraffic(engine.traffic)] : [];
}

function byTraffic(traffic: RolloutsTraffic | undefined): readonly MovedField[] {
  switch (traffic?.kind) {
    case 'gateway-api':
      return [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', path: '.spec.rules[].backendRefs[].weight' }];
    case 'istio':
      return [
        { group: 'networking.istio.io', kind: 'VirtualService', path: ISTIO_ROUTES },
        ...(traffic.split === 'subsets'
          ? [{ group: 'networking.istio.io', kind: 'DestinationRule', path: '.spec.subsets[].labels' }]
          : []),
      ];
    case 'alb':
      return [{ group: 'networking.k8s.io', kind: 'Ingress', path: ALB_ACTIONS }];
    default:
      return [];
  }
}
