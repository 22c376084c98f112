import type { EnvironmentSpec } from '../../config/environment-spec';
import { LOAD_BALANCER_CONTROLLER, type Program } from '../../config/kubernetes/programs';
import type { KubernetesPlane } from '../../config/kubernetes/settings';
import { ENVIRONMENT_TAG, PROJECT } from '../../core/names';

/** A program as it is installed. */
export interface InstalledProgram {
  readonly name: Program;
  readonly version: string;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Another of the installed programs, which brings the kinds that this one's chart has objects of. @default - none */
  readonly after?: Program;
}

const NAMESPACES: Readonly<Record<Exclude<Program, 'kube-prometheus-stack'>, string>> = {
  'argo-rollouts': 'argo-rollouts',
  'aws-load-balancer-controller': LOAD_BALANCER_CONTROLLER.namespace,
  base: 'istio-system',
  flagger: 'flagger-system',
  'gateway-helm': 'envoy-gateway-system',
  'ingress-nginx': 'ingress-nginx',
  istiod: 'istio-system',
  keda: 'keda',
  kserve: 'kserve',
  'kserve-crd': 'kserve',
  'nvidia-device-plugin': 'nvidia-device-plugin',
};

/** Charts that the API server refuses before another one is there. */
const AFTER: Readonly<Partial<Record<Program, Program>>> = { istiod: 'base', kserve: 'kserve-crd' };

/** Otherwise Prometheus sees only what the chart itself brings. */
const SEE_THE_MODELS = {
  prometheus: { prometheusSpec: { podMonitorSelectorNilUsesHelmValues: false, ruleSelectorNilUsesHelmValues: false } },
};

/** The environment whose programs are installed. */
export type Place = Pick<EnvironmentSpec, 'cluster' | 'region'>;

/**
 * What the AWS Load Balancer Controller can't ask the metadata of its node, which pods don't reach, and is not let do.
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/tree/main/helm/aws-load-balancer-controller
 */
function loadBalancers(environment: string, { cluster, region }: Place, plane: KubernetesPlane): Values {
  const ours = cluster?.kind === 'eks';
  return {
    clusterName: plane.cluster,
    region,
    serviceAccount: { name: LOAD_BALANCER_CONTROLLER.serviceAccount },
    ...(ours
      ? {
          // Those that the stack of the network has.
          vpcTags: { project: PROJECT, [ENVIRONMENT_TAG]: environment },
          enableShield: false,
          enableWaf: false,
          enableWafv2: false,
          // Services of the type LoadBalancer are nobody's business here.
          enableServiceMutatorWebhook: false,
        }
      : {}),
  };
}

/** The programs of a plane, in a fixed order in which none comes before what it needs. */
export function installedPrograms(
  environment: string,
  place: Place,
  plane: KubernetesPlane,
): readonly InstalledProgram[] {
  const { programs, prometheus } = plane;
  const needed: Readonly<Partial<Record<Program, Values>>> = {
    'kube-prometheus-stack': SEE_THE_MODELS,
    'aws-load-balancer-controller': loadBalancers(environment, place, plane),
  };
  const all = Object.entries(programs?.charts ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { version, values }]): InstalledProgram => {
      const name = key as Program;
      const needs = AFTER[name];
      const after = needs && programs?.charts[needs] ? { after: needs } : {};
      const namespace = name === 'kube-prometheus-stack' ? prometheus.namespace : NAMESPACES[name];
      return { name, version, namespace, values: merge(needed[name] ?? {}, values), ...after };
    });
  return [...all.filter(({ after }) => !after), ...all.filter(({ after }) => after)];
}

type Values = Readonly<Record<string, unknown>>;

/** As Helm lays one file of values over another: maps are merged, everything else is replaced. */
function merge(under: Values, over: Values): Values {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = under[key];
    return [key, isMap(value) && isMap(below) ? merge(below, value) : value];
  });
  return { ...under, ...Object.fromEntries(merged) };
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
