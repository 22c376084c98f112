import type { RolloutsTraffic } from '../../../config/kubernetes/traffic';
import type { ServedModel } from '../../served-model';
import { byAlb } from './alb';
import { byGatewayApi } from './gateway-api';
import { byIstio } from './istio';
import { byNginx } from './nginx';
import type { Routing, Services } from './routing';

/** The routing of a Rollout by what the environment has. */
export function routeTraffic(model: ServedModel, traffic: RolloutsTraffic, services: Services): Routing {
  switch (traffic.kind) {
    case 'gateway-api':
      return byGatewayApi(model, traffic.gateway, services);
    case 'istio':
      return byIstio(model, traffic, services);
    case 'alb':
      return byAlb(model, traffic, services);
    case 'nginx':
      return byNginx(model, traffic, services);
  }
}
