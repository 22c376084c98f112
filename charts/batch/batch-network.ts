import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { networkPolicy } from '../platform/network-policy';
import type { ServedModel } from '../served-model';

/** A server's policy without its callers: nobody calls the pods of a batch. */
export function batchNetwork(model: ServedModel): INetworkPolicy {
  const { spec, ...policy } = networkPolicy(model);
  return { ...policy, spec: { ...spec, podSelector: spec?.podSelector ?? {}, ingress: [] } };
}
