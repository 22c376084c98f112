import { environmentFiles } from '../../../charts/environment-files';
import type { KubernetesObject, ObjectsByFile } from '../../../charts/kubernetes-object';
import { modelObjects } from '../../../charts/model-objects';
import { type ServedModel, servedModel } from '../../../charts/served-model';
import type { EnvironmentInput } from '../../../config/environment-spec';
import type { ModelInput } from '../../../config/model-spec';
import { defineEnvironments, defineModels } from '../../../config/schema';
import {
  download,
  ENGINE_SETTINGS,
  kubernetesModel,
  legalRelease,
  legalRollout,
  legalServer,
  type PlaneInput,
  plane,
} from '../config/kubernetes/smallest';
import { environment } from '../config/smallest';

export { ENGINE_SETTINGS } from '../config/kubernetes/smallest';

export interface Case {
  readonly engine?: PlaneInput['engine'];
  readonly rollout?: ModelInput['rollout'];
  readonly kubernetes?: Partial<NonNullable<ModelInput['kubernetes']>>;
  readonly model?: Partial<ModelInput>;
  readonly plane?: Partial<PlaneInput>;
  /** @default - one that is there already */
  readonly cluster?: EnvironmentInput['cluster'];
  /** Steps that a candidate has taken. @default - no candidate */
  readonly step?: number;
}

function config({ engine = ENGINE_SETTINGS.plain, rollout, kubernetes, step, cluster, ...more }: Case) {
  const models = defineModels({
    churn: kubernetesModel({
      rollout: legalRollout(engine, rollout ?? { kind: 'blueGreen' }),
      kubernetes: { loadSeconds: 4, ...legalServer(engine), ...kubernetes },
      ...more.model,
    }),
  });
  const candidate = step === undefined ? {} : { candidate: { ...legalRelease(engine, 'b'), step } };
  const dev = environment(['churn'], {
    planes: ['kubernetes'],
    cluster,
    kubernetes: plane({
      engine,
      download,
      releases: { churn: { stable: legalRelease(engine), ...candidate } },
      ...more.plane,
    }),
    // Seldon's pods are fixed in number.
    instances: { min: engine.kind.startsWith('seldon') ? 20 : 10, max: 20 },
  });
  return { models, dev: defineEnvironments(models, { dev }).dev };
}

/** The model `churn` of the environment `dev`, with a release and from 10 to 20 pods. */
export function served(choice: Case = {}): ServedModel {
  const { models, dev } = config(choice);
  const model = servedModel('dev', dev, 'churn', models.churn);
  if (!model) throw new Error('churn has no release');
  return model;
}

export function objectsOf(choice: Case = {}): ObjectsByFile {
  return modelObjects(served(choice));
}

export function filesOf(choice: Case = {}): Readonly<Record<string, string>> {
  const { models, dev } = config(choice);
  return environmentFiles('dev', dev, models);
}

/** All objects of a kind. */
export function ofKind(objects: ObjectsByFile, kind: string): readonly KubernetesObject[] {
  return Object.values(objects)
    .flat()
    .filter((object) => object.kind === kind);
}

/** Part of an object, for what its type can't say. */
export function at(object: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], object);
}
