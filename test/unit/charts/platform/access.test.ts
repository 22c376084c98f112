import {
  ClusterRole,
  ClusterRoleBinding,
  type IClusterRole,
  type IRole,
  Role,
  RoleBinding,
} from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import { environmentObjects, SHARED } from '../../../../charts/environment-files';
import type { KubernetesObject, ObjectsByFile } from '../../../../charts/kubernetes-object';
import { clusterAccess, namespaceAccess } from '../../../../charts/platform/access';
import { KubernetesPlane } from '../../../../config/kubernetes/settings';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { type ClusterInput, eks, managed } from '../../config/cluster/smallest';
import { ENGINE_SETTINGS, kubernetesModel, plane } from '../../config/kubernetes/smallest';
import { environment } from '../../config/smallest';

const SCHEMAS = { ClusterRole, ClusterRoleBinding, Role, RoleBinding } as const;
type Settings = (typeof ENGINE_SETTINGS)[keyof typeof ENGINE_SETTINGS];

const planeOf = (engine: Settings, autoscaler: 'hpa' | 'keda' = 'hpa') =>
  KubernetesPlane.parse(plane({ engine, autoscaler }));

/** What a group of the environment `dev` may do, as `group/resource verb`. */
function allowed(engine: Settings, group: string, autoscaler?: 'keda'): readonly string[] {
  const role = namespaceAccess('dev', planeOf(engine, autoscaler)).find(
    ({ kind, metadata }) => kind === 'Role' && metadata?.name === `mlops-${group}`,
  ) as IRole;
  return (role.rules ?? []).flatMap(({ apiGroups = [], resources = [], verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${apiGroups[0]}/${resource} ${verb}`)),
  );
}

function platformOf(cluster: ClusterInput | undefined): ObjectsByFile {
  const models = defineModels({ churn: kubernetesModel() });
  const dev = environment(['churn'], {
    planes: ['kubernetes'],
    cluster,
    kubernetes: plane({ engine: ENGINE_SETTINGS['argo-rollouts'] }),
  });
  return environmentObjects('dev', defineEnvironments(models, { dev }).dev, models)[SHARED] ?? {};
}

describe.each(Object.entries(ENGINE_SETTINGS))('with %s', (_, engine) => {
  test('roles and bindings fit their schemas', () => {
    const objects = [
      ...namespaceAccess('dev', planeOf(engine)),
      ...clusterAccess('dev', planeOf(engine), { autoMode: true }),
    ];
    for (const object of objects) new SCHEMAS[object.kind](object as never).validate();
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Role',
      'RoleBinding',
      'Role',
      'RoleBinding',
      'ClusterRole',
      'ClusterRoleBinding',
    ]);
  });

  test('nobody makes or deletes anything, readers change nothing, and no rule has a wildcard', () => {
    const verbs = (group: string) => new Set(allowed(engine, group, 'keda').map((it) => it.split(' ')[1]));
    expect(verbs('readers')).toEqual(new Set(['get', 'list', 'watch']));
    expect(verbs('operators')).toEqual(new Set(['get', 'list', 'watch', 'patch']));
    expect(allowed(engine, 'operators').filter((it) => it.includes('*'))).toEqual([]);
  });

  test('operators see all that readers see, and the logs of pods', () => {
    expect(allowed(engine, 'operators')).toEqual(expect.arrayContaining([...allowed(engine, 'readers')]));
    expect(allowed(engine, 'readers')).toContain('/pods/log get');
  });
});

describe('an operator', () => {
  test.each([
    ['argo-rollouts', 'argoproj.io/rollouts/status patch'],
    ['argo-rollouts', 'argoproj.io/rollouts patch'],
    ['argo-rollouts', 'argoproj.io/analysisruns patch'],
    ['argo-rollouts with a gateway', 'gateway.networking.k8s.io/httproutes get'],
    ['argo-rollouts with Istio', 'networking.istio.io/virtualservices get'],
    ['argo-rollouts with ALB', 'elbv2.k8s.aws/targetgroupbindings get'],
    ['flagger with a gateway', 'flagger.app/canaries patch'],
    ['gateway-api', 'gateway.networking.k8s.io/httproutes patch'],
    ['kserve', 'serving.kserve.io/inferenceservices patch'],
    ['seldon', 'machinelearning.seldon.io/seldondeployments patch'],
  ] as const)('of %s may do %s', (engine, what) => {
    expect(allowed(ENGINE_SETTINGS[engine], 'operators')).toContain(what);
  });

  test('leaves the route alone that a controller moves', () => {
    expect(allowed(ENGINE_SETTINGS['argo-rollouts with a gateway'], 'operators')).not.toContain(
      'gateway.networking.k8s.io/httproutes patch',
    );
  });

  test('pauses KEDA where it scales, and knows nothing of it elsewhere', () => {
    const keda = 'keda.sh/scaledobjects patch';
    expect(allowed(ENGINE_SETTINGS.plain, 'operators', 'keda')).toContain(keda);
    expect(allowed(ENGINE_SETTINGS.plain, 'operators')).not.toContain(keda);
  });

  test('looks at nodes, the pools of Auto Mode and the gateway, and changes none', () => {
    const rules = (engine: Settings, autoMode: boolean) =>
      (clusterAccess('dev', planeOf(engine), { autoMode })[0] as IClusterRole).rules ?? [];
    const resources = (engine: Settings, autoMode: boolean) => rules(engine, autoMode).flatMap((it) => it.resources);
    expect(resources(ENGINE_SETTINGS.plain, false)).toEqual(['nodes', 'nodes']);
    expect(resources(ENGINE_SETTINGS.plain, true)).toEqual([
      'nodes',
      'nodes',
      'nodeclaims',
      'nodepools',
      'nodeclasses',
    ]);
    expect(resources(ENGINE_SETTINGS['gateway-api'], false)).toEqual(['nodes', 'nodes', 'gatewayclasses', 'gateways']);
    const verbs = rules(ENGINE_SETTINGS['gateway-api'], true).flatMap((it) => it.verbs);
    expect(verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
  });
});

describe('the manifests of an environment', () => {
  const namespaces = (objects: readonly KubernetesObject[] = []) => objects.map(({ metadata }) => metadata?.namespace);

  test('say what the personas may do in a cluster of the stack, by the groups that they are in', () => {
    for (const cluster of [eks(), eks({ capacity: managed() })]) {
      const platform = platformOf(cluster);
      expect(namespaces(platform['access.yaml'])).toEqual(['dev', 'dev', 'dev', 'dev']);
      expect(namespaces(platform['cluster-access.yaml'])).toEqual([undefined, undefined]);
      expect(JSON.stringify(platform['access.yaml'])).toContain('"kind":"Group","name":"mlops:dev:operators"');
    }
  });

  test('say nothing of it where nobody puts them into groups', () => {
    for (const cluster of [undefined, { kind: 'existing', podIdentity: true }] as const) {
      expect(Object.keys(platformOf(cluster)).filter((file) => file.includes('access'))).toEqual([]);
    }
  });
});
