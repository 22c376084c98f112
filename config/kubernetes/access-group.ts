import { PROJECT } from '../../core/names';

/** What people may do with the models' objects in a cluster of the stack: look, or look and move a release. */
export type AccessGroup = 'readers' | 'operators';

/**
 * A group of Kubernetes, of one environment. Access entries of EKS put the personas into it, and the manifests say what it
 * may do: the policies of EKS name no custom resources.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export function accessGroup(environment: string, group: AccessGroup): string {
  return `${PROJECT}:${environment}:${group}`;
}
