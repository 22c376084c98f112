import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../../charts/kubernetes-object';

/** All objects of a text. @throws Error where it isn't YAML */
export function parseObjects(text: string): readonly KubernetesObject[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return (document.toJS() as KubernetesObject | null) ?? [];
  });
}
