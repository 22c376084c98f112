import type { IHelmRelease } from '@kubernetes-models/flux-cd/helm.toolkit.fluxcd.io/v2beta2';
import type { IKustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1';
import type { IGitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';
import type { IHelmRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1beta2';
import type { GitOps } from '../../config/kubernetes/delivery';
import type { KubernetesPlane } from '../../config/kubernetes/settings';
import { PROJECT } from '../../core/names';
import type { KubernetesObject, ObjectsByFile } from '../kubernetes-object';
import { type MovedField, movedFields } from './moved-fields';
import { type InstalledProgram, installedPrograms, type Place } from './program-settings';

type Flux = Extract<GitOps, { kind: 'flux' }>;

/** Flux has no field to leave alone, so an object whose fields move is made once and not changed after. */
const MADE_ONCE = 'kustomize.toolkit.fluxcd.io/ssa';

/** Sources and Kustomization of Flux: the models of an environment, and one HelmRelease a program. */
export function flux(environment: string, place: Place, plane: KubernetesPlane, delivery: Flux): ObjectsByFile {
  const name = `${PROJECT}-${environment}`;
  const interval = `${delivery.intervalMinutes}m`;
  const programs = installedPrograms(environment, place, plane);
  const repository: IGitRepository = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name },
    spec: { interval, url: delivery.repository, ref: { branch: delivery.branch } },
  };
  return {
    ...(programs.length > 0
      ? {
          'programs.yaml': [
            charts(name, plane, interval),
            ...programs.map((program) => release(name, program, interval)),
          ],
        }
      : {}),
    'models.yaml': [repository, models(name, plane, delivery, interval)],
  };
}

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/ */
function models(name: string, { engine }: KubernetesPlane, { path }: Flux, interval: string): IKustomization {
  const moved = movedFields(engine);
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name },
    spec: {
      interval,
      // Until the kinds of the programs are there, models are refused.
      retryInterval: '1m',
      timeout: '10m',
      prune: true,
      sourceRef: { kind: 'GitRepository', name },
      path: `./${path}`,
      ...(moved.length > 0 ? { patches: moved.map(madeOnce) } : {}),
    },
  };
}

/** The target chooses the objects: kind and name in the patch only have to be there. */
function madeOnce({ group, kind }: MovedField) {
  const patch = [
    `apiVersion: ${group === '' ? 'v1' : `${group}/v1`}`,
    `kind: ${kind}`,
    'metadata:',
    '  name: any',
    '  annotations:',
    `    ${MADE_ONCE}: IfNotPresent`,
    '',
  ].join('\n');
  return { patch, target: { group, kind } };
}

/** Written in the versions that Flux 2.3 and newer serve; the fields are those of the versions before. */
function charts(name: string, { programs }: KubernetesPlane, interval: string): KubernetesObject {
  const registry = programs?.registry ?? '';
  const repository: IHelmRepository = {
    apiVersion: 'source.toolkit.fluxcd.io/v1beta2',
    kind: 'HelmRepository',
    metadata: { name: `${name}-charts` },
    spec: {
      type: 'oci',
      interval,
      url: `oci://${registry}`,
      // ECR's passwords last for hours; Flux gets new ones by its own identity.
      ...(registry.includes('.dkr.ecr.') ? { provider: 'aws' as const } : {}),
    },
  };
  return { ...repository, apiVersion: 'source.toolkit.fluxcd.io/v1' };
}

function release(name: string, program: InstalledProgram, interval: string): KubernetesObject {
  const { namespace, version, values, after } = program;
  const helmRelease: IHelmRelease = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2beta2',
    kind: 'HelmRelease',
    metadata: { name: `${name}-${program.name}` },
    spec: {
      interval,
      releaseName: program.name,
      targetNamespace: namespace,
      // A chart that is refused is tried a few times only.
      ...(after ? { dependsOn: [{ name: `${name}-${after}` }] } : {}),
      chart: {
        spec: { chart: program.name, version, sourceRef: { kind: 'HelmRepository', name: `${name}-charts` } },
      },
      install: { createNamespace: true, crds: 'CreateReplace', remediation: { retries: 3 } },
      upgrade: { crds: 'CreateReplace', remediation: { retries: 3 } },
      ...(Object.keys(values).length > 0 ? { values: { ...values } } : {}),
    },
  };
  return { ...helmRelease, apiVersion: 'helm.toolkit.fluxcd.io/v2' };
}
