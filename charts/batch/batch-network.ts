import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { networkPolicy } from '../platform/network-policy';
import type { ServedModel } from '../served-model';

/**
 * A server's policy without its callers: nobody calls the pods of a batch. It names the direction and no rule for it; an
 * empty list would be read back as none, and differ for ever.
 */
export function batchNetwork(model: ServedModel): INetworkPolicy {
  const { spec, ...policy } = networkPolicy(model);
  const { ingress: _, podSelector = {}, ...others } = spec ?? {};
  return { ...policy, spec: { podSelector, ...others } };
}
