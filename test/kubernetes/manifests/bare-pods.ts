import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { podFields } from '../../unit/charts/validate';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The pods that an object would have, each as a pod of its own. Pod Security refuses pods; of what makes them it only
 * warns, and the refusal then comes when nobody looks.
 */
export function barePods(object: KubernetesObject): readonly KubernetesObject[] {
  return templatesIn(object).map((template, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    ...template,
    metadata: { ...(template.metadata as object), name: `bare-${index}`, namespace: object.metadata?.namespace },
  }));
}

function templatesIn(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap(templatesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'template' && isPodTemplate(inner)) return [inner];
    // KServe's has the fields of a pod among its own.
    if (key === 'predictor' && isPodTemplate({ spec: inner })) return [{ spec: podFields(inner) }];
    return templatesIn(inner);
  });
}

function isPodTemplate(value: unknown): value is Fields {
  const { spec } = (value ?? {}) as { spec?: { containers?: unknown } };
  return Array.isArray(spec?.containers);
}
