import { App, Yaml } from 'cdk8s';
import type { EnvironmentSpec } from '../config/environment-spec';
import { isGitOps } from '../config/kubernetes/delivery';
import { namespaceOf } from '../config/kubernetes/served-model';
import type { ModelSpec } from '../config/model-spec';
import { argoCd } from './gitops/argo-cd';
import { flux } from './gitops/flux';
import type { KubernetesObject, ObjectsByFile } from './kubernetes-object';
import { commonLabels } from './labels';
import { modelObjects } from './model-objects';
import { ObjectsChart } from './objects-chart';
import { clusterAccess, namespaceAccess } from './platform/access';
import { autoModeNetworkPolicies } from './platform/auto-mode';
import { gpuPool } from './platform/gpu-pool';
import { defaultDeny, namespace } from './platform/namespace';
import { servedModel } from './served-model';

/** Folder of what all models of an environment share. No model can be called so. */
export const SHARED = '_platform';
export const KUSTOMIZATION = 'kustomization.yaml';

/** What the controller of a GitOps repository is told. It isn't among what it applies. */
const GITOPS = '_gitops';

type Environment = Omit<EnvironmentSpec, 'models'> & { readonly models: readonly string[] };
type Models = Readonly<Record<string, ModelSpec>>;

/**
 * The objects of one environment by folder and file, in the order in which they are applied. Models without a release
 * have none.
 * @returns nothing at all for an environment without the plane `kubernetes`
 */
export function environmentObjects(
  name: string,
  environment: Environment,
  models: Models,
): Readonly<Record<string, ObjectsByFile>> {
  if (!environment.planes.includes('kubernetes')) return {};
  const { cluster, kubernetes } = environment;
  const capacity = cluster?.kind === 'eks' ? cluster.capacity : undefined;
  const autoMode = capacity?.kind === 'autoMode';
  const folders: Record<string, ObjectsByFile> = {
    [SHARED]: {
      'namespace.yaml': [namespace(namespaceOf(name, environment), kubernetes?.engine)],
      'network.yaml': [defaultDeny()],
      ...(autoMode ? { 'cluster.yaml': [autoModeNetworkPolicies()] } : {}),
      ...(autoMode && capacity.gpus ? { 'nodes.yaml': [gpuPool(name, capacity.gpus)] } : {}),
      // Elsewhere nobody puts the personas into groups.
      ...(cluster?.kind === 'eks' && kubernetes
        ? {
            'access.yaml': namespaceAccess(name, kubernetes),
            'cluster-access.yaml': clusterAccess(name, kubernetes, { autoMode }),
          }
        : {}),
    },
  };
  for (const model of [...environment.models].sort()) {
    const spec = models[model];
    const served = spec && servedModel(name, environment, model, spec);
    if (served) folders[model] = modelObjects(served);
  }
  const app = new App();
  return Object.fromEntries(
    Object.entries(folders).map(([folder, byFile]) => [folder, finished(app, folder, byFile, name, environment)]),
  );
}

/** The manifests of one environment: text by path, the same text for the same config. */
export function environmentFiles(
  name: string,
  environment: Environment,
  models: Models,
): Readonly<Record<string, string>> {
  const folders = environmentObjects(name, environment, models);
  if (Object.keys(folders).length === 0) return {};
  const files: Record<string, string> = { [KUSTOMIZATION]: kustomization(Object.keys(folders)) };
  for (const [folder, byFile] of Object.entries(folders)) {
    files[`${folder}/${KUSTOMIZATION}`] = kustomization(Object.keys(byFile));
    for (const [file, objects] of Object.entries(byFile)) files[`${folder}/${file}`] = Yaml.stringify(...objects);
  }
  for (const [file, objects] of Object.entries(gitOpsObjects(name, environment))) {
    files[`${GITOPS}/${file}`] = Yaml.stringify(...objects);
  }
  return files;
}

/** Kinds that are in no namespace. They have files of their own. */
const OF_THE_CLUSTER: readonly string[] = ['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'NodePool'];

/** With namespace and labels, and otherwise as they were made. */
function finished(
  app: App,
  folder: string,
  byFile: ObjectsByFile,
  name: string,
  environment: Environment,
  inSpace = namespaceOf(name, environment),
): ObjectsByFile {
  return Object.fromEntries(
    Object.entries(byFile).map(([file, objects]) => {
      const inNamespace = objects.every(({ kind }) => !OF_THE_CLUSTER.includes(kind));
      const props = { labels: commonLabels(name), objects, ...(inNamespace ? { namespace: inSpace } : {}) };
      return [file, new ObjectsChart(app, `${folder}-${file}`, props).toJson() as KubernetesObject[]];
    }),
  );
}

function gitOpsObjects(name: string, environment: Environment): ObjectsByFile {
  const plane = environment.kubernetes;
  if (!plane || !isGitOps(plane.delivery)) return {};
  const { delivery } = plane;
  const space = namespaceOf(name, environment);
  const byFile =
    delivery.kind === 'argo-cd'
      ? argoCd(name, space, environment, plane, delivery)
      : flux(name, environment, plane, delivery);
  return finished(new App(), GITOPS, byFile, name, environment, delivery.namespace);
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
function kustomization(resources: readonly string[]): string {
  return Yaml.stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
}
