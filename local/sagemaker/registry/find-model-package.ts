import { arn, nameOf } from '../api/arn';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import { type ModelPackageRecord, modelPackages } from './model-package-record';

/**
 * @param nameOrArn the ARN of any package, or the name of one that has no group
 * @throws ServiceError ValidationException if there is no such package
 */
export function findModelPackage(context: Context, nameOrArn: string): ModelPackageRecord {
  const key = nameOf(nameOrArn, 'model-package');
  const found = modelPackages(context.store).get(key);
  if (found) return found;
  throw new ServiceError('ValidationException', `ModelPackage ${arn(context, `model-package/${key}`)} does not exist.`);
}
