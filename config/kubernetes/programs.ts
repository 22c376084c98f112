import { z } from 'zod';
import type { Engine } from './engine';

/** Programs that the models of an environment may need in their cluster, by the name of the Helm chart. */
export const PROGRAMS = [
  'argo-rollouts',
  'aws-load-balancer-controller',
  'base',
  'flagger',
  'gateway-helm',
  'ingress-nginx',
  'istiod',
  'keda',
  'kserve',
  'kserve-crd',
  'kube-prometheus-stack',
  'nvidia-device-plugin',
] as const;
export type Program = (typeof PROGRAMS)[number];

const ProgramName = z.enum(PROGRAMS);

const PinnedChart = z.strictObject({
  /** One version of the chart. */
  version: z.string().regex(/^v?\d+\.\d+\.\d+(-[\w.]+)?$/, 'a chart is pinned to one version, as in 2.40.4'),
  /** Of the chart, over those that the models need. Images come from your mirror by these. @default {} */
  values: z.record(z.string(), z.json()).default({}),
});

/** Where the AWS Load Balancer Controller runs, and who it is: EKS gives its pods a role by that. */
export const LOAD_BALANCER_CONTROLLER = {
  program: 'aws-load-balancer-controller',
  namespace: 'kube-system',
  serviceAccount: 'aws-load-balancer-controller',
} as const;

/** What is installed beside the models. */
export const Programs = z.strictObject({
  /**
   * OCI registry that the cluster reaches, with the charts by their names: `HOST/PATH`, without `oci://`. A VPC without a
   * way to the internet reaches ECR of its own account.
   */
  registry: z
    .string()
    .regex(
      /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
      'a registry looks like 111111111111.dkr.ecr.eu-west-1.amazonaws.com/charts',
    ),
  charts: z.partialRecord(ProgramName, PinnedChart),
  /** Programs that somebody else installs. Listed, so that none is forgotten. @default [] */
  elsewhere: z.array(ProgramName).default([]),
});
export type Programs = z.output<typeof Programs>;

/**
 * Oldest charts that work with what is emitted, and why. Flagger copies Deployments through the Kubernetes API that it was
 * built with, which drops newer fields without a word.
 */
export const OLDEST_CHARTS: Readonly<Partial<Record<Program, { readonly version: string; readonly why: string }>>> = {
  flagger: { version: '1.41.0', why: 'an older one loses image volumes, and before 1.38 the sleep before the end too' },
};

/** By what splits traffic, or by the engine itself where it brings its own way. */
const BY_TRAFFIC: Readonly<Record<string, readonly Program[]>> = {
  'gateway-api': ['gateway-helm'],
  istio: ['base', 'istiod'],
  alb: ['aws-load-balancer-controller'],
  nginx: ['ingress-nginx'],
};
const BY_ENGINE: Readonly<Record<string, readonly Program[]>> = {
  'argo-rollouts': ['argo-rollouts'],
  flagger: ['flagger'],
  'gateway-api': ['gateway-helm'],
  kserve: ['kserve-crd', 'kserve'],
};

/** What a plane's manifests are of no use without. */
export function neededPrograms({
  engine,
  autoscaler,
}: {
  readonly engine: Engine;
  readonly autoscaler: 'hpa' | 'keda';
}): readonly Program[] {
  const traffic = 'traffic' in engine ? engine.traffic?.kind : undefined;
  return [
    // Every model has a PodMonitor and a PrometheusRule.
    'kube-prometheus-stack',
    ...(BY_ENGINE[engine.kind] ?? []),
    ...(traffic ? (BY_TRAFFIC[traffic] ?? []) : []),
    ...(autoscaler === 'keda' ? (['keda'] as const) : []),
  ];
}
