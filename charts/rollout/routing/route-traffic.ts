import type { RolloutsTraffic } from '../../../config/kubernetes/traffic';
import type { ServedModel } from '../../served-model';
import { byAlb } from './alb';
import { byGatewayApi } from './gateway-api';
import { byIstio } from './istio';
import { byNginx } from './nginx';
import type { Routing, Services } from './routing';

/** The routing of a Rollout by what the environment has. */
export function routeTraffic(model: ServedModel, traffic: RolloutsTraffic, services: Services): Routing {
  if (traffic.kind === 'gateway-api') return byGatewayApi(model, traffic.gateway, services);
  if (traffic.kind === 'istio') return byIstio(model, traffic, services);
  return traffic.kind === 'alb' ? byAlb(model, traffic, services) : byNginx(model, traffic, services);
}
