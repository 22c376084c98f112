import type { Engine } from '../config/kubernetes/engine';
import { PROJECT } from '../core/names';

/** Names the model that a pod serves. */
export const MODEL_LABEL = 'app.kubernetes.io/name';
/** Names it too, where an engine gives {@link MODEL_LABEL} a value of its own, as Seldon Core 2 does. */
const INSTANCE_LABEL = 'app.kubernetes.io/instance';
/** Names the release that a pod serves, by {@link releaseId}. */
export const RELEASE_LABEL = `${PROJECT}-stack/release`;
/** Tells pods of one configuration of the server from those of another. */
export const CONFIG_ANNOTATION = `${PROJECT}-stack/server-config`;
/** Argo Rollouts puts it on the pods of each version. */
export const ROLLOUT_HASH_LABEL = 'rollouts-pod-template-hash';

/** Flagger keeps the pods of the new version and those of the old one apart by its value. */
export const FLAGGER_LABEL = 'app';

/** The label that tells the pods of one model from those of others. */
export function modelLabel({ kind }: Engine): string {
  return kind === 'seldon-2' ? INSTANCE_LABEL : MODEL_LABEL;
}

/** Of every object. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export function commonLabels(environment: string): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/part-of': `${PROJECT}-stack`,
    'app.kubernetes.io/managed-by': `${PROJECT}-charts`,
    [`${PROJECT}-stack/environment`]: environment,
  };
}

/** As Prometheus spells a label of a pod. */
export function prometheusLabel(label: string): string {
  return label.replaceAll(/[^a-zA-Z0-9_]/g, '_');
}
