import type { Engine, EngineKind } from '../../config/kubernetes/engine';
import type { KubernetesPlane } from '../../config/kubernetes/settings';

/** Kinds of one API group, by what people do with them. */
export interface AccessedKinds {
  readonly group: string;
  /** Looked at only: a controller or Git writes them. @default [] */
  readonly read?: readonly string[];
  /** Also patched by hand, to promote a release or take it back. @default [] */
  readonly moved?: readonly string[];
}

const ROUTES = { group: 'gateway.networking.k8s.io', read: ['httproutes'] };

/**
 * What an engine's release is looked at and moved by. `kubectl argo rollouts promote` and `abort` patch the status of a
 * Rollout, `pause` its spec, `terminate` an AnalysisRun.
 * @see https://github.com/argoproj/argo-rollouts/blob/master/pkg/kubectl-argo-rollouts/cmd/promote/promote.go
 */
const BY_ENGINE: Readonly<Record<EngineKind, readonly AccessedKinds[]>> = {
  plain: [],
  'gateway-api': [{ group: ROUTES.group, moved: ROUTES.read }],
  'argo-rollouts': [
    {
      group: 'argoproj.io',
      read: ['analysistemplates', 'experiments'],
      moved: ['rollouts', 'rollouts/status', 'analysisruns'],
    },
  ],
  flagger: [{ group: 'flagger.app', read: ['metrictemplates'], moved: ['canaries'] }],
  kserve: [
    { group: 'serving.kserve.io', moved: ['inferenceservices'] },
    { group: 'serving.knative.dev', read: ['configurations', 'revisions', 'routes', 'services'] },
  ],
  'seldon-2': [
    {
      group: 'mlops.seldon.io',
      read: ['seldonruntimes', 'serverconfigs'],
      moved: ['experiments', 'models', 'servers'],
    },
  ],
  seldon: [{ group: 'machinelearning.seldon.io', moved: ['seldondeployments'] }],
};

const BY_TRAFFIC: Readonly<Record<string, readonly AccessedKinds[]>> = {
  'gateway-api': [ROUTES],
  istio: [{ group: 'networking.istio.io', read: ['destinationrules', 'virtualservices'] }],
  alb: [{ group: 'elbv2.k8s.aws', read: ['targetgroupbindings'] }],
};

const MONITORING: AccessedKinds = { group: 'monitoring.coreos.com', read: ['podmonitors', 'prometheusrules'] };
/** Pausing the scaler is an annotation on it. */
const SCALING: AccessedKinds = { group: 'keda.sh', moved: ['scaledobjects'] };

/** The custom resources of a plane that people have to do with. */
export function accessedKinds({ engine, autoscaler }: Pick<KubernetesPlane, 'engine' | 'autoscaler'>): AccessedKinds[] {
  const traffic = trafficOf(engine);
  return [
    ...BY_ENGINE[engine.kind],
    ...(traffic ? (BY_TRAFFIC[traffic] ?? []) : []),
    ...(autoscaler === 'keda' ? [SCALING] : []),
    MONITORING,
  ];
}

/** Whether requests come in by a Gateway that stands in another namespace. */
export function hasGateway(engine: Engine): boolean {
  return engine.kind === 'gateway-api' || trafficOf(engine) === 'gateway-api';
}

function trafficOf(engine: Engine): string | undefined {
  return 'traffic' in engine ? engine.traffic?.kind : undefined;
}
