import { AnalysisTemplate, Rollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import { DestinationRule, VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1beta1';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { PodMonitor, PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { CronJob } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, PodTemplate, Service, ServiceAccount } from 'kubernetes-models/v1';

import { CUSTOM_RESOURCES } from './custom-resources';

interface Validator {
  validate(): void;
}
type Model = new (data: never) => Validator;

const MODELS: Readonly<Record<string, Model>> = {
  AnalysisTemplate,
  ConfigMap,
  CronJob,
  Deployment,
  DestinationRule,
  HTTPRoute,
  HorizontalPodAutoscaler,
  Ingress,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  PodMonitor,
  PrometheusRule,
  Rollout,
  ScaledObject,
  Service,
  ServiceAccount,
  VirtualService,
};

/** Holds an object against the published schema of its kind; a pod template inside it against that of the core. */
export function validate(object: { readonly kind: string }): void {
  const byHand = CUSTOM_RESOURCES[object.kind];
  if (byHand) {
    byHand.parse(object);
    const pod = (object as { spec?: { predictor?: Record<string, unknown> } }).spec?.predictor;
    for (const spec of seldonPods(object)) new PodTemplate({ template: { spec } } as never).validate();
    const laidOver = (object as { spec?: { podSpec?: unknown } }).spec?.podSpec;
    if (laidOver) new PodTemplate({ template: { spec: laidOver } } as never).validate();
    if (pod) new PodTemplate({ template: { spec: podFields(pod) } } as never).validate();
    return;
  }
  const model = MODELS[object.kind];
  if (!model) throw new Error(`no schema of ${object.kind}`);
  new model(object as never).validate();
  const template = (object as { spec?: { template?: object } }).spec?.template;
  if (template) new PodTemplate({ template }).validate();
}

const OF_PODS =
  /^(serviceAccountName|automount|enableServiceLinks|termination|securityContext|topology|toleration|initContainers|containers|volumes)/;

/** What a resource holds of a pod among its own fields. */
export function podFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => OF_PODS.test(name)));
}

function seldonPods(object: object): readonly unknown[] {
  const { predictors = [] } =
    (object as { spec?: { predictors?: { componentSpecs: { spec: unknown }[] }[] } }).spec ?? {};
  return predictors.flatMap(({ componentSpecs }) => componentSpecs.map(({ spec }) => spec));
}
