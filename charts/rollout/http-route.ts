import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import type { Gateway } from '../../config/kubernetes/traffic';
import type { ServedModel } from '../served-model';
import { grpcPortOf } from '../server/grpc-port';
import { GRPC_SERVICE_PORT, SERVICE_PORT } from '../server/service';
import { publicPaths } from './public-path';

/** A Service, and its share of the traffic in percent. */
export interface Backend {
  readonly name: string;
  readonly weight: number;
}

export interface Mirror {
  /** Service that gets the copies. */
  readonly name: string;
  /** Share of the requests that is copied, 1 to 100. */
  readonly percent: number;
}

/**
 * Predictions over gRPC, and nothing else of the service. It is in the route of HTTP, because a GRPCRoute may not have the
 * same hostname: https://gateway-api.sigs.k8s.io/api-types/grpcroute/
 */
const GRPC_INFERENCE = '/inference.GRPCInferenceService/ModelInfer';

type Rule = NonNullable<NonNullable<IHTTPRoute['spec']>['rules']>[number];
type Filter = NonNullable<Rule['filters']>[number];
/** Fields of the standard channel since 1.2 and 1.3, which the package of types doesn't have yet. */
type RuleOfToday = Omit<Rule, 'filters'> & {
  timeouts: { request: string };
  filters?: (Omit<Filter, 'requestMirror'> & {
    requestMirror: NonNullable<Filter['requestMirror']> & { percent: number };
  })[];
};
export type HTTPRoute = Omit<IHTTPRoute, 'spec'> & {
  spec: Omit<NonNullable<IHTTPRoute['spec']>, 'rules'> & { rules: RuleOfToday[] };
};

/** Sends what comes in for a model to its Services, by weight. */
export function httpRoute(
  model: ServedModel,
  gateway: Gateway,
  backends: readonly Backend[],
  mirror?: Mirror,
): HTTPRoute {
  const { name, settings } = model;
  const { listener } = gateway;
  const rule = (paths: readonly string[], port: number): RuleOfToday => ({
    matches: paths.map((value) => ({ path: { type: 'PathPrefix', value } })),
    timeouts: { request: `${settings.longestRequestSeconds}s` },
    ...(mirror ? { filters: [mirrorFilter(mirror, port)] } : {}),
    backendRefs: backends.map((backend) => ({ ...backend, port })),
  });
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name },
    spec: {
      parentRefs: [
        { name: gateway.name, namespace: gateway.namespace, ...(listener ? { sectionName: listener } : {}) },
      ],
      hostnames: [`${name}.${gateway.domain}`],
      rules: [
        rule(publicPaths(model), SERVICE_PORT),
        ...(grpcPortOf(model) === undefined ? [] : [rule([GRPC_INFERENCE], GRPC_SERVICE_PORT)]),
      ],
    },
  };
}

function mirrorFilter({ name, percent }: Mirror, port: number): NonNullable<RuleOfToday['filters']>[number] {
  return { type: 'RequestMirror', requestMirror: { backendRef: { name, port }, percent } };
}
