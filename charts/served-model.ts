import { createHash } from 'node:crypto';
import type { EnvironmentSpec } from '../config/environment-spec';
import { type Dns, dnsOf } from '../config/kubernetes/dns';
import type { ModelOnKubernetes } from '../config/kubernetes/model';
import type { ModelReleases, Release } from '../config/kubernetes/release';
import { namespaceOf, replicasOf } from '../config/kubernetes/served-model';
import type { KubernetesPlane } from '../config/kubernetes/settings';
import type { ModelSpec } from '../config/model-spec';
import { InvalidInputError } from '../core/invalid-input-error';

/** A model with a release, in one environment: all that its objects are made of. */
export interface ServedModel {
  readonly environment: string;
  readonly name: string;
  readonly namespace: string;
  readonly spec: ModelSpec;
  readonly settings: ModelOnKubernetes;
  readonly plane: KubernetesPlane;
  /** Who is asked for names. */
  readonly dns: Dns;
  /** Pods at the least and at the most. */
  readonly replicas: { readonly min: number; readonly max: number };
  readonly stable: Release;
  readonly candidate?: ModelReleases['candidate'];
}

/**
 * What an environment serves on Kubernetes of a model.
 * @returns undefined before the first release
 * @throws InvalidInputError for an environment or model that config/schema.ts has not checked
 */
export function servedModel(
  environment: string,
  environmentSpec: Omit<EnvironmentSpec, 'models'>,
  name: string,
  spec: ModelSpec,
): ServedModel | undefined {
  const { kubernetes: plane } = environmentSpec;
  const { kubernetes: settings } = spec;
  if (!plane || !settings) {
    throw new InvalidInputError(
      `${environment}.${name}`,
      `needs settings for Kubernetes, got ${plane ? 'none for the model' : 'none for the environment'}`,
      'parse the config by config/schema.ts',
    );
  }
  const { stable, candidate } = plane.releases[name] ?? {};
  if (!stable) return undefined;
  const namespace = namespaceOf(environment, environmentSpec);
  const replicas = replicasOf(environmentSpec, spec);
  const dns = dnsOf(plane.dns, environmentSpec.cluster);
  return { environment, name, namespace, spec, settings, plane, dns, replicas, stable, candidate };
}

/** Eight hex digits that change when the server or the model does, and with nothing else. */
export function releaseId({ image, artefact }: Release): string {
  const model = artefact.kind === 'image' ? artefact.image : artefact.sha256;
  return createHash('sha256').update(`${image}\n${model}`).digest('hex').slice(0, 8);
}
