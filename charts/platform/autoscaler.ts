import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import type { IHorizontalPodAutoscaler, IHorizontalPodAutoscalerBehavior } from 'kubernetes-models/autoscaling/v2';
import { autoscalingOf } from '../../config/autoscaling';
import type { KubernetesObject } from '../kubernetes-object';
import { requestRate } from '../observability/queries';
import type { ServedModel } from '../served-model';

/** What has pods: a Deployment or a Rollout. */
export interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Names what KEDA scales by. */
export const REQUESTS_TRIGGER = 'requests';

/** Of all pods of a model together. */
export function requestsQuery(model: ServedModel): string {
  return requestRate(model, '2m');
}

/** Up at once, for requests wait; down slowly, for a model that has to load comes back late. */
const BEHAVIOUR: IHorizontalPodAutoscalerBehavior = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Percent', value: 100, periodSeconds: 60 },
      { type: 'Pods', value: 4, periodSeconds: 60 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Min',
    policies: [{ type: 'Percent', value: 20, periodSeconds: 60 }],
  },
};

/**
 * The one owner of a workload's number of pods: manifests never say it, so applying them again doesn't undo what was
 * scaled. With equal bounds it holds the number.
 */
export function autoscaler(
  model: ServedModel,
  workload: Workload,
  bounds: { readonly min: number; readonly max: number } = model.replicas,
): KubernetesObject {
  return model.plane.autoscaler === 'hpa' ? byCpu(model, workload, bounds) : byRequests(model, workload, bounds);
}

function byCpu(
  { settings }: ServedModel,
  workload: Workload,
  { min, max }: { readonly min: number; readonly max: number },
): IHorizontalPodAutoscaler {
  const target = { type: 'Utilization', averageUtilization: settings.cpuTargetPercent };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: workload.name },
    spec: {
      scaleTargetRef: { ...workload },
      minReplicas: min,
      maxReplicas: max,
      metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'server', target } }],
      behavior: BEHAVIOUR,
    },
  };
}

function byRequests(
  model: ServedModel,
  workload: Workload,
  { min, max }: { readonly min: number; readonly max: number },
): IScaledObject {
  const scaling = autoscalingOf(model.spec);
  const perMinute = scaling?.kind === 'invocations' ? scaling.perInstancePerMinute : Number.NaN;
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: workload.name },
    spec: {
      scaleTargetRef: { ...workload },
      minReplicaCount: min,
      maxReplicaCount: max,
      pollingInterval: 15,
      cooldownPeriod: 300,
      // Without Prometheus nobody knows the load, so it is taken for a high one.
      fallback: { failureThreshold: 3, replicas: Math.ceil((min + max) / 2) },
      advanced: { horizontalPodAutoscalerConfig: { behavior: BEHAVIOUR } },
      triggers: [
        {
          name: REQUESTS_TRIGGER,
          type: 'prometheus',
          metricType: 'AverageValue',
          metadata: {
            serverAddress: model.plane.prometheus.url,
            query: requestsQuery(model),
            threshold: String(perMinute / 60),
            // No series is a failure, which the fallback answers, and not a load of 0.
            ignoreNullValues: 'false',
          },
        },
      ],
    },
  };
}
