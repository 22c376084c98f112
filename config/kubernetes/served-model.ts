import type { EnvironmentSpec } from '../environment-spec';
import type { ModelSpec } from '../model-spec';

/** Pods of a model in an environment, at the least and at the most. */
export function replicasOf(
  { instances }: Pick<EnvironmentSpec, 'instances'>,
  { kubernetes }: Pick<ModelSpec, 'kubernetes'>,
): { readonly min: number; readonly max: number } {
  return kubernetes?.replicas ?? instances;
}

/** Namespace of an environment's models. */
export function namespaceOf(environmentName: string, { kubernetes }: Pick<EnvironmentSpec, 'kubernetes'>): string {
  return kubernetes?.namespace ?? environmentName;
}

/** Name of the ServiceAccount of a model's pods: manifests make it, and EKS gives its pods a role. */
export function serviceAccountOf(model: string): string {
  return model;
}
