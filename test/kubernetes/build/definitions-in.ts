import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { parseObjects } from '../manifests/parse-objects';

/** The custom resource definitions among a folder's files. */
export function definitionsIn(folder: string): readonly KubernetesObject[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => parseObjects(readFileSync(join(folder, file), 'utf8')))
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
}
