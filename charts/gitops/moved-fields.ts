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
  /** Takes it out of an object, which is changed. */
  readonly takeOut: (object: unknown) => void;
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
const SERVICE: MovedField = {
  group: '',
  kind: 'Service',
  path: `.spec.selector["${ROLLOUT_HASH_LABEL}"]`,
  takeOut: (object) => without(at(object, 'spec', 'selector'), (key) => key === ROLLOUT_HASH_LABEL),
};

const WEIGHTS: MovedField = {
  group: 'gateway.networking.k8s.io',
  kind: 'HTTPRoute',
  path: '.spec.rules[].backendRefs[].weight',
  takeOut: (object) => {
    for (const rule of listAt(object, 'spec', 'rules')) {
      for (const backend of listAt(rule, 'backendRefs')) without(backend, (key) => key === 'weight');
    }
  },
};

const VIRTUAL_SERVICE: MovedField = {
  group: 'networking.istio.io',
  kind: 'VirtualService',
  path: ISTIO_ROUTES,
  takeOut: (object) => {
    const routes = listAt(object, 'spec', 'http');
    const mirror = routes.findIndex((route) => at(route, 'name') === MIRROR_ROUTE);
    if (mirror >= 0) routes.splice(mirror, 1);
    for (const route of routes) {
      for (const destination of listAt(route, 'route')) without(destination, (key) => key === 'weight');
    }
  },
};

const SUBSETS: MovedField = {
  group: 'networking.istio.io',
  kind: 'DestinationRule',
  path: '.spec.subsets[].labels',
  takeOut: (object) => {
    for (const subset of listAt(object, 'spec', 'subsets')) without(subset, (key) => key === 'labels');
  },
};

const INGRESS: MovedField = {
  group: 'networking.k8s.io',
  kind: 'Ingress',
  path: ALB_ACTIONS,
  takeOut: (object) =>
    without(at(object, 'metadata', 'annotations'), (key) => key.startsWith('alb.ingress.kubernetes.io/actions.')),
};

/** What whoever applies manifests has to leave alone, lest each look at Git take a canary back. */
export function movedFields(engine: Engine): readonly MovedField[] {
  return engine.kind === 'argo-rollouts' ? [SERVICE, ...byTraffic(engine.traffic)] : [];
}

function byTraffic(traffic: RolloutsTraffic | undefined): readonly MovedField[] {
  switch (traffic?.kind) {
    case 'gateway-api':
      return [WEIGHTS];
    case 'istio':
      return traffic.split === 'subsets' ? [VIRTUAL_SERVICE, SUBSETS] : [VIRTUAL_SERVICE];
    case 'alb':
      return [INGRESS];
    default:
      return [];
  }
}

function at(object: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], object);
}

function listAt(object: unknown, ...path: readonly string[]): unknown[] {
  const found = at(object, ...path);
  return Array.isArray(found) ? found : [];
}

function without(object: unknown, isOut: (key: string) => boolean): void {
  if (typeof object !== 'object' || object === null) return;
  for (const key of Object.keys(object).filter(isOut)) delete (object as Record<string, unknown>)[key];
}
