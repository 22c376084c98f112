import { arn, nameOf } from '../api/arn';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import { type ModelPackageGroupRecord, modelPackageGroups } from './model-package-group-record';

/** @throws ServiceError ValidationException if there is no such group */
export function findModelPackageGroup(context: Context, nameOrArn: unknown): ModelPackageGroupRecord {
  const name = nameOf(nameOrArn as string, 'model-package-group');
  const group = modelPackageGroups(context.store).get(name);
  if (group) return group;
  throw new ServiceError(
    'ValidationException',
    `ModelPackageGroup ${arn(context, `model-package-group/${name}`)} does not exist.`,
  );
}
