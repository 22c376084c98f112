import { App, Yaml } from 'cdk8s';
import type { EnvironmentSpec } from '../config/environment-spec';
import { namespaceOf } from '../config/kubernetes/served-model';
import type { ModelSpec } from '../config/model-spec';
import type { ObjectsByFile } from './kubernetes-object';
import { commonLabels } from './labels';
import { modelObjects } from './model-objects';
import { ObjectsChart } from './objects-chart';
import { defaultDeny, namespace } from './platform/namespace';
import { servedModel } from './served-model';

/** Folder of what all models of an environment share. No model can be called so. */
const SHARED = '_platform';
const KUSTOMIZATION = 'kustomization.yaml';

/**
 * The manifests of one environment: text by path, the same text for the same config. Models without a release have none.
 * @returns nothing at all for an environment without the plane `kubernetes`
 */
export function environmentFiles(
  name: string,
  environment: Omit<EnvironmentSpec, 'models'> & { readonly models: readonly string[] },
  models: Readonly<Record<string, ModelSpec>>,
): Readonly<Record<string, string>> {
  if (!environment.planes.includes('kubernetes')) return {};
  const space = namespaceOf(name, environment);
  const folders: Record<string, ObjectsByFile> = {
    [SHARED]: { 'namespace.yaml': [namespace(space, environment.kubernetes?.engine)], 'network.yaml': [defaultDeny()] },
  };
  for (const model of [...environment.models].sort()) {
    const spec = models[model];
    const served = spec && servedModel(name, environment, model, spec);
    if (served) folders[model] = modelObjects(served);
  }
  const app = new App();
  const files: Record<string, string> = { [KUSTOMIZATION]: kustomization(Object.keys(folders)) };
  for (const [folder, byFile] of Object.entries(folders)) {
    files[`${folder}/${KUSTOMIZATION}`] = kustomization(Object.keys(byFile));
    for (const [file, objects] of Object.entries(byFile)) {
      const inNamespace = objects.every(({ kind }) => kind !== 'Namespace');
      const labels = commonLabels(name);
      const props = { labels, objects, ...(inNamespace ? { namespace: space } : {}) };
      files[`${folder}/${file}`] = Yaml.stringify(...new ObjectsChart(app, `${folder}-${file}`, props).toJson());
    }
  }
  return files;
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
function kustomization(resources: readonly string[]): string {
  return Yaml.stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
}
