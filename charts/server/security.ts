import type { IPodSecurityContext, ISecurityContext } from 'kubernetes-models/v1';

/** No user of the node, and none of an image. */
const USER = 10_001;

/** What the Pod Security Standard `restricted` asks of a pod. */
export const POD_SECURITY: IPodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/**
 * And of each of its containers, besides a root file system that nothing is written to.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const CONTAINER_SECURITY: ISecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
