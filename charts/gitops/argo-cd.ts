import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import type { GitOps } from '../../config/kubernetes/delivery';
import type { KubernetesPlane } from '../../config/kubernetes/settings';
import { PROJECT } from '../../core/names';
import type { ObjectsByFile } from '../kubernetes-object';
import { movedFields } from './moved-fields';
import { type InstalledProgram, installedPrograms, type Place } from './program-settings';

type ArgoCd = Extract<GitOps, { kind: 'argo-cd' }>;

const THIS_CLUSTER = 'https://kubernetes.default.svc';
/** Of objects that are too long for kubectl's annotation, and whose fields belong to several controllers. */
const SERVER_SIDE = 'ServerSideApply=true';
/** Applied in this order where one Application holds the others: what models need comes before them. */
const WAVE = 'argocd.argoproj.io/sync-wave';

/** Applications of Argo CD: the models of an environment, and one a program. */
export function argoCd(
  environment: string,
  namespace: string,
  place: Place,
  plane: KubernetesPlane,
  delivery: ArgoCd,
): ObjectsByFile {
  const programs = installedPrograms(environment, place, plane).map((program) =>
    programOf(environment, program, plane, delivery),
  );
  return {
    ...(programs.length > 0 ? { 'programs.yaml': programs } : {}),
    'models.yaml': [models(environment, namespace, plane, delivery)],
  };
}

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml */
function models(environment: string, namespace: string, { engine }: KubernetesPlane, delivery: ArgoCd): IApplication {
  const ignored = movedFields(engine);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: `${PROJECT}-${environment}`, annotations: { [WAVE]: '1' } },
    spec: {
      project: delivery.project,
      source: { repoURL: delivery.repository, targetRevision: delivery.branch, path: delivery.path },
      destination: { server: THIS_CLUSTER, namespace },
      ...(ignored.length > 0
        ? { ignoreDifferences: ignored.map(({ path, group, kind }) => ({ group, kind, jqPathExpressions: [path] })) }
        : {}),
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        // Without the second, a sync writes what only the comparison ignores.
        syncOptions: [SERVER_SIDE, 'RespectIgnoreDifferences=true'],
        retry,
      },
    },
  };
}

function programOf(
  environment: string,
  { name, version, namespace, values, after }: InstalledProgram,
  { programs }: KubernetesPlane,
  { project }: ArgoCd,
): IApplication {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: `${PROJECT}-${environment}-${name}`, annotations: { [WAVE]: after ? '0' : '-1' } },
    spec: {
      project,
      source: {
        repoURL: programs?.registry ?? '',
        chart: name,
        targetRevision: version,
        helm: { releaseName: name, ...(Object.keys(values).length > 0 ? { valuesObject: { ...values } } : {}) },
      },
      destination: { server: THIS_CLUSTER, namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: [SERVER_SIDE, 'CreateNamespace=true'],
        retry,
      },
    },
  };
}

/** Models are refused until the kinds of the programs are there. */
const retry = { limit: 10, backoff: { duration: '15s', factor: 2, maxDuration: '5m' } };
