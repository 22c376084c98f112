import { createHash } from 'node:crypto';
import type { IConfigMap } from 'kubernetes-models/v1';
import { objectName } from '../object-name';
import type { ServedModel } from '../served-model';
import { RUNTIMES } from './runtimes';

/** The files that a model's server is configured by. @returns undefined if it needs none */
export function serverConfig(model: ServedModel): IConfigMap | undefined {
  const data = RUNTIMES[model.settings.runtime].configFiles?.(model);
  return data && { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: configName(model) }, data: { ...data } };
}

/** The same for all releases: an old one that starts anew must find it. */
export function configName({ name }: ServedModel): string {
  return objectName(name, 'server');
}

/** Eight hex digits that change when the files do, so that pods are replaced then. */
export function configHash(config: IConfigMap): string {
  return createHash('sha256').update(JSON.stringify(config.data)).digest('hex').slice(0, 8);
}
