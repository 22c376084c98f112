import type { Engine } from '../../config/kubernetes/engine';

/** From where requests reach the pods. */
export interface Entry {
  readonly namespaces: readonly string[];
  readonly cidrs: readonly string[];
}

/** What an engine's way in needs opened. */
export function entryOf(engine: Engine): Entry {
  if ('gateway' in engine) return { namespaces: [engine.gateway.namespace], cidrs: [] };
  // Requests go to the executor or the agent in the pod, which a policy of its own opens.
  if (engine.kind === 'seldon' || engine.kind === 'seldon-2') return { namespaces: [], cidrs: [] };
  if (engine.kind === 'kserve') {
    // On Knative requests go to its proxy in the pod, which a policy of its own opens.
    return { namespaces: engine.deploymentMode === 'Knative' ? [] : engine.ingressNamespaces, cidrs: [] };
  }
  const traffic = 'traffic' in engine ? engine.traffic : undefined;
  if (!traffic) return { namespaces: [], cidrs: [] };
  if (traffic.kind === 'alb') return { namespaces: [], cidrs: traffic.cidrs };
  return { namespaces: [traffic.kind === 'nginx' ? traffic.namespace : traffic.gateway.namespace], cidrs: [] };
}
