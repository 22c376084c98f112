import { basename } from 'node:path';
import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { parseObjects } from './parse-objects';

/** All objects of an environment's files, in the order in which kustomize lists them. */
export function readFiles(files: Readonly<Record<string, string>>): readonly KubernetesObject[] {
  return Object.entries(files)
    .filter(([path]) => basename(path) !== 'kustomization.yaml')
    .flatMap(([, text]) => parseObjects(text));
}
