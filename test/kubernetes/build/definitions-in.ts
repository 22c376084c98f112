import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { parseObjects } from '../manifests/parse-objects';

/** The custom resource definitions among a folder's files. */
export function definitionsIn(folder: string): readonly KubernetesObject[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => parseObjects(indented(readFileSync(join(folder, file), 'utf8'))))
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
}

/**
 * Flagger's file goes on with a quoted description at the indentation of its key, which YAML doesn't allow and Go's parser
 * takes. More indentation doesn't change what is quoted.
 */
function indented(text: string): string {
  return text.replaceAll(/^ *description: '(?:[^']|'')*'/gm, (quoted) => quoted.replaceAll('\n', '\n  '));
}
