import type { IDestinationRule, IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1beta1';
import type { Istio } from '../../../config/kubernetes/traffic';
import { MODEL_LABEL } from '../../labels';
import type { ServedModel } from '../../served-model';
import { SERVICE_PORT } from '../../server/service';
import { publicPaths } from '../public-path';
import type { Routing, Services } from './routing';

const API_VERSION = 'networking.istio.io/v1beta1';
/** The route whose weights the controller changes. */
const ROUTE = 'primary';
const SUBSETS = { stable: 'stable', canary: 'canary' } as const;
/** The route that the controller puts before it to copy requests. */
export const MIRROR_ROUTE = 'mirror';

type Destination = { host: string; subset?: string };
type Typed<T> = T & { apiVersion: string; kind: string; metadata: { name: string } };

/** By a VirtualService, and a DestinationRule where subsets tell the versions apart. */
export function byIstio(model: ServedModel, { gateway, split }: Istio, { stable, canary }: Services): Routing {
  const bySubsets = split === 'subsets' && canary !== undefined;
  const destinations: readonly Destination[] = bySubsets
    ? Object.values(SUBSETS).map((subset) => ({ host: stable, subset }))
    : [stable, ...(canary ? [canary] : [])].map((host) => ({ host }));
  const mirrors = model.spec.serving.mode === 'shadow' ? { managedRoutes: [{ name: MIRROR_ROUTE }] } : {};
  return {
    objects: [
      virtualService(model, gateway, destinations),
      ...(bySubsets ? [destinationRule(model.name, stable)] : []),
    ],
    trafficRouting: {
      ...mirrors,
      istio: {
        virtualService: { name: model.name, routes: [ROUTE] },
        ...(bySubsets
          ? {
              destinationRule: {
                name: model.name,
                stableSubsetName: SUBSETS.stable,
                canarySubsetName: SUBSETS.canary,
              },
            }
          : {}),
      },
    },
    byServices: !bySubsets,
  };
}

function virtualService(
  model: ServedModel,
  gateway: Istio['gateway'],
  destinations: readonly Destination[],
): Typed<IVirtualService> {
  const { name, settings } = model;
  return {
    apiVersion: API_VERSION,
    kind: 'VirtualService',
    metadata: { name },
    spec: {
      gateways: [`${gateway.namespace}/${gateway.name}`],
      hosts: [`${name}.${gateway.domain}`],
      http: [
        {
          name: ROUTE,
          match: publicPaths(model).map((prefix) => ({ uri: { prefix } })),
          timeout: `${settings.longestRequestSeconds}s`,
          route: destinations.map((destination, index) => ({
            destination: { ...destination, port: { number: SERVICE_PORT } },
            weight: index === 0 ? 100 : 0,
          })),
        },
      ],
    },
  };
}

/** The controller adds the hash of each version to its subset. */
function destinationRule(name: string, host: string): Typed<IDestinationRule> {
  return {
    apiVersion: API_VERSION,
    kind: 'DestinationRule',
    metadata: { name },
    spec: {
      host,
      subsets: Object.values(SUBSETS).map((subset) => ({ name: subset, labels: { [MODEL_LABEL]: name } })),
    },
  };
}
