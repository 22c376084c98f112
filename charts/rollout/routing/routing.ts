import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import type { KubernetesObject } from '../../kubernetes-object';

type Canary = NonNullable<NonNullable<NonNullable<IRollout['spec']>['strategy']>['canary']>;
export type TrafficRouting = NonNullable<Canary['trafficRouting']>;

/** How traffic is split between the versions of a Rollout. */
export interface Routing {
  /** What lets requests in, in the state before the first release: all of them to the stable version. */
  readonly objects: readonly KubernetesObject[];
  /** Tells the controller what to change. */
  readonly trafficRouting: TrafficRouting;
  /** Whether the controller tells the versions apart by a Service each, or by other means. */
  readonly byServices: boolean;
}

/** Services of the versions. */
export interface Services {
  readonly stable: string;
  /** Of the version that is on its way. @default - all traffic moves at once, and one Service is enough */
  readonly canary?: string;
}
