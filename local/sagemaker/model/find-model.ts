import { arn } from '../api/arn';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import { type ModelRecord, models } from './model-record';

/** @throws ServiceError ValidationException if there is no such model */
export function findModel(context: Context, name: string): ModelRecord {
  const model = models(context.store).get(name);
  if (model) return model;
  throw new ServiceError('ValidationException', `Could not find model "${arn(context, `model/${name}`)}".`);
}
