import type { Gateway } from '../../../config/kubernetes/traffic';
import type { ServedModel } from '../../served-model';
import { httpRoute } from '../http-route';
import type { Routing, Services } from './routing';

/** By the plugin argoproj-labs/gatewayAPI. */
export function byGatewayApi(model: ServedModel, gateway: Gateway, { stable, canary }: Services): Routing {
  const backends = [{ name: stable, weight: 100 }, ...(canary ? [{ name: canary, weight: 0 }] : [])];
  return {
    objects: [httpRoute(model, gateway, backends)],
    trafficRouting: {
      plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: model.name, namespace: model.namespace } },
    },
    byServices: true,
  };
}
