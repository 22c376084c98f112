import type { Engine } from '../../config/kubernetes/engine';

/** From where requests reach the pods. */
export interface Entry {
  readonly namespaces: readonly string[];
  readonly cidrs: readonly string[];
}

/** What an engine's way in needs opened. */
export function entryOf(engine: Engine): Entry {
  if ('gateway' in engine) return { namespaces: [engine.gateway.namespace], cidrs: [] };
  const traffic = 'traffic' in engine ? engine.traffic : undefined;
  if (!traffic) return { namespaces: [], cidrs: [] };
  switch (traffic.kind) {
    case 'gateway-api':
    case 'istio':
      return { namespaces: [traffic.gateway.namespace], cidrs: [] };
    case 'alb':
      return { namespaces: [], cidrs: traffic.cidrs };
    case 'nginx':
      return { namespaces: [traffic.namespace], cidrs: [] };
  }
}
