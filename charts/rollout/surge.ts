import type { ModelOnKubernetes } from '../../config/kubernetes/model';

/**
 * Pods more and pods fewer while they are replaced. No pod is missing, but for models with GPUs: a spare GPU that isn't
 * there would be waited for without end. Both 0 is what Kubernetes refuses.
 */
export function surge({ gpus, maxSurge = gpus > 0 ? 0 : 1 }: Pick<ModelOnKubernetes, 'gpus' | 'maxSurge'>): {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
} {
  return { maxSurge, maxUnavailable: maxSurge === 0 ? 1 : 0 };
}
