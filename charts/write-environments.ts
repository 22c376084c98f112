import { join } from 'node:path';
import type { EnvironmentSpec } from '../config/environment-spec';
import type { ModelSpec } from '../config/model-spec';
import { environmentFiles } from './environment-files';
import { type MovedField, movedFields } from './gitops/moved-fields';
import { writeFiles } from './write-files';

/** What was written of one environment. */
export interface WrittenEnvironment {
  readonly name: string;
  readonly folder: string;
  readonly files: number;
  /** Models without a release, and so without manifests. */
  readonly unreleased: readonly string[];
  /** Fields that a controller changes in the cluster. */
  readonly moved: readonly MovedField[];
}

type Environments = Readonly<Record<string, Omit<EnvironmentSpec, 'models'> & { readonly models: readonly string[] }>>;

/**
 * Writes the manifests of every environment with the plane `kubernetes`, a folder each.
 * @param only the one environment that is written. @default - all of them
 */
export function writeEnvironments(
  out: string,
  environments: Environments,
  models: Readonly<Record<string, ModelSpec>>,
  only?: string,
): readonly WrittenEnvironment[] {
  return Object.entries(environments).flatMap(([name, environment]) => {
    if (only !== undefined && name !== only) return [];
    const files = environmentFiles(name, environment, models);
    const folder = join(out, name);
    writeFiles(folder, files);
    const count = Object.keys(files).length;
    if (count === 0) return [];
    const unreleased = environment.models.filter((model) => !(`${model}/kustomization.yaml` in files));
    const moved = environment.kubernetes ? movedFields(environment.kubernetes.engine) : [];
    return [{ name, folder, files: count, unreleased, moved }];
  });
}
