import { GUARDS_ON_KUBERNETES, type KubernetesGuard } from '../../config/kubernetes/watched-guards';
import type { ServedModel } from '../served-model';

/** A guard that is on. */
export interface ActiveGuard {
  readonly guard: KubernetesGuard;
  /** A release is bad above it. */
  readonly limit: number;
}

/** Guards of a model's rollout, without those that are turned off. */
export function activeGuards({ spec }: ServedModel): readonly ActiveGuard[] {
  return GUARDS_ON_KUBERNETES.flatMap((guard) => {
    const limit = spec.rollout.guards[guard] ?? undefined;
    return limit === undefined ? [] : [{ guard, limit }];
  });
}
