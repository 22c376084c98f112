import type {
  IClusterRole,
  IClusterRoleBinding,
  IPolicyRule,
  IRole,
  IRoleBinding,
  ISubject,
} from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { type AccessGroup, accessGroup } from '../../config/kubernetes/access-group';
import type { KubernetesPlane } from '../../config/kubernetes/settings';
import { PROJECT } from '../../core/names';
import { accessedKinds, hasGateway } from './access-rules';

const API = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];

const rule = (group: string, resources: readonly string[], verbs: readonly string[]): IPolicyRule => ({
  apiGroups: [group],
  resources: [...resources],
  verbs: [...verbs],
});

/** What readers and operators may do in the namespace of the models, beyond what EKS lets them. */
export function namespaceAccess(environment: string, plane: KubernetesPlane): (IRole | IRoleBinding)[] {
  const kinds = accessedKinds(plane);
  const read = [
    rule('', ['pods', 'pods/log'], READ),
    rule('metrics.k8s.io', ['pods'], ['get', 'list']),
    ...kinds.map(({ group, read: looked = [], moved = [] }) => rule(group, [...looked, ...moved], READ)),
  ];
  const move = kinds.flatMap(({ group, moved = [] }) => (moved.length > 0 ? [rule(group, moved, ['patch'])] : []));
  return [
    ...inNamespace(environment, 'readers', read),
    // No create and no delete: what is there is Git's to say.
    ...inNamespace(environment, 'operators', [...read, ...move]),
  ];
}

/** What operators may look at that is of no namespace, to find out why a pod has no node and a route no address. */
export function clusterAccess(
  environment: string,
  { engine }: KubernetesPlane,
  { autoMode }: { readonly autoMode: boolean },
): (IClusterRole | IClusterRoleBinding)[] {
  const name = `${PROJECT}-${environment}-operators`;
  return [
    {
      apiVersion: `${API}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        rule('', ['nodes'], READ),
        rule('metrics.k8s.io', ['nodes'], ['get', 'list']),
        ...(autoMode
          ? [rule('karpenter.sh', ['nodeclaims', 'nodepools'], READ), rule('eks.amazonaws.com', ['nodeclasses'], READ)]
          : []),
        ...(hasGateway(engine) ? [rule('gateway.networking.k8s.io', ['gatewayclasses', 'gateways'], READ)] : []),
      ],
    },
    {
      apiVersion: `${API}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: API, kind: 'ClusterRole', name },
      subjects: subjects(environment, 'operators'),
    },
  ];
}

function inNamespace(environment: string, group: AccessGroup, rules: IPolicyRule[]): (IRole | IRoleBinding)[] {
  const name = `${PROJECT}-${group}`;
  return [
    { apiVersion: `${API}/v1`, kind: 'Role', metadata: { name }, rules },
    {
      apiVersion: `${API}/v1`,
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: API, kind: 'Role', name },
      subjects: subjects(environment, group),
    },
  ];
}

function subjects(environment: string, group: AccessGroup): ISubject[] {
  return [{ apiGroup: API, kind: 'Group', name: accessGroup(environment, group) }];
}
