import { unmeasured } from '../../config/kubernetes/runtimes';
import { GUARDS_ON_KUBERNETES, type KubernetesGuard } from '../../config/kubernetes/watched-guards';
import type { ServedModel } from '../served-model';

/** A guard that is on. */
export interface ActiveGuard {
  readonly guard: KubernetesGuard;
  /** A release is bad above it. */
  readonly limit: number;
}

/** Guards of a model's rollout, without those that are turned off or that its server doesn't measure. */
export function activeGuards({ spec, settings }: ServedModel): readonly ActiveGuard[] {
  return GUARDS_ON_KUBERNETES.flatMap((guard) => {
    const limit = spec.rollout.guards[guard] ?? undefined;
    return limit === undefined || unmeasured(settings.runtime, guard) ? [] : [{ guard, limit }];
  });
}
