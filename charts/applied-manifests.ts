import type { EnvironmentSpec } from '../config/environment-spec';
import type { ModelSpec } from '../config/model-spec';
import { environmentObjects } from './environment-files';
import { type InstalledProgram, installedPrograms } from './gitops/program-settings';
import type { KubernetesObject } from './kubernetes-object';

/** What CloudFormation applies to the cluster of one environment: the same objects that files are made of. */
export function appliedManifests(
  name: string,
  environment: Omit<EnvironmentSpec, 'models'> & { readonly models: readonly string[] },
  models: Readonly<Record<string, ModelSpec>>,
): {
  readonly programs: readonly InstalledProgram[];
  readonly objects: Readonly<Record<string, readonly KubernetesObject[]>>;
} {
  const folders = Object.entries(environmentObjects(name, environment, models));
  return {
    programs: environment.kubernetes ? installedPrograms(name, environment, environment.kubernetes) : [],
    objects: Object.fromEntries(folders.map(([folder, byFile]) => [folder, Object.values(byFile).flat()])),
  };
}
