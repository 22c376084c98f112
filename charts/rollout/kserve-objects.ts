import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../kubernetes-object';

/**
 * What this project writes of KServe's InferenceService: no package for TypeScript has types of it.
 * @see https://kserve.github.io/website/docs/reference/crd-api
 */
export interface InferenceService extends KubernetesObject {
  readonly apiVersion: 'serving.kserve.io/v1beta1';
  readonly kind: 'InferenceService';
  readonly spec: { readonly predictor: Predictor };
}

/** A pod, and how many of it take which share. */
export interface Predictor extends Omit<IPodSpec, 'containers'> {
  readonly containers: readonly IContainer[];
  /** Share of the newest revision; the last one that had everything takes the rest. @default 100 */
  readonly canaryTrafficPercent?: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly scaleMetric: 'cpu';
  /** Utilisation in percent. */
  readonly scaleTarget: number;
  /** Seconds that a request may take. */
  readonly timeout: number;
  /** Of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of the pods. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Without Knative: how pods are replaced. */
  readonly deploymentStrategy?: {
    readonly type: 'RollingUpdate';
    readonly rollingUpdate: { readonly maxSurge: number; readonly maxUnavailable: number };
  };
}
