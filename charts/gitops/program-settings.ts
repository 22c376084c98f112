import type { Program } from '../../config/kubernetes/programs';
import type { KubernetesPlane } from '../../config/kubernetes/settings';

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
  'aws-load-balancer-controller': 'kube-system',
  base: 'istio-system',
  flagger: 'flagger-system',
  'gateway-helm': 'envoy-gateway-system',
  'ingress-nginx': 'ingress-nginx',
  istiod: 'istio-system',
  keda: 'keda',
  kserve: 'kserve',
  'kserve-crd': 'kserve',
};

/** Charts that the API server refuses before another one is there. */
const AFTER: Readonly<Partial<Record<Program, Program>>> = { istiod: 'base', kserve: 'kserve-crd' };

/** Otherwise Prometheus sees only what the chart itself brings. */
const SEE_THE_MODELS = {
  prometheus: { prometheusSpec: { podMonitorSelectorNilUsesHelmValues: false, ruleSelectorNilUsesHelmValues: false } },
};

/** The programs of a plane, in a fixed order in which none comes before what it needs. */
export function installedPrograms({ programs, prometheus }: KubernetesPlane): readonly InstalledProgram[] {
  const all = Object.entries(programs?.charts ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { version, values }]): InstalledProgram => {
      const name = key as Program;
      const needs = AFTER[name];
      const after = needs && programs?.charts[needs] ? { after: needs } : {};
      return name === 'kube-prometheus-stack'
        ? { name, version, namespace: prometheus.namespace, values: merge(SEE_THE_MODELS, values) }
        : { name, version, namespace: NAMESPACES[name], values, ...after };
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
