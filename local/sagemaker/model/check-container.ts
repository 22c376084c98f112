import type { Json, JsonObject } from '../../../core/json';
import type { Context } from '../context';
import { findModelPackage } from '../registry/find-model-package';
import { ServiceError } from '../service-error';

/** Members of a container definition that an account knows and this machine can't honour. */
const REFUSED = ['ImageConfig', 'ModelDataSource', 'AdditionalModelDataSources', 'MultiModelConfig'] as const;

/**
 * Refuses a container that could never be started: what it names has to be there, and a package has to be approved.
 * @param at path of the container in the request
 * @throws ServiceError ValidationException
 */
export async function checkContainer(context: Context, container: JsonObject, at: string): Promise<void> {
  for (const member of REFUSED)
    if (container[member] !== undefined) throw invalid(`${at}.${member}: the local SageMaker doesn't implement it`);
  if (container.Mode === 'MultiModel') throw invalid(`${at}.Mode: the local SageMaker doesn't implement MultiModel`);
  const { Image, ModelDataUrl, ModelPackageName } = container;
  if ((Image === undefined) === (ModelPackageName === undefined))
    throw invalid(`${at}: give either Image or ModelPackageName, got ${Image === undefined ? 'neither' : 'both'}`);
  if (ModelPackageName !== undefined) checkPackage(context, ModelPackageName, at);
  else if (ModelDataUrl !== undefined) await checkModelData(context, ModelDataUrl as string);
}

function checkPackage(context: Context, name: Json, at: string): void {
  const { ModelPackageArn, ModelPackageVersion, ModelApprovalStatus, ModelPackageStatus } = findModelPackage(
    context,
    name as string,
  );
  if (ModelPackageVersion !== undefined && ModelApprovalStatus !== 'Approved')
    throw invalid(
      `${at}: ModelPackage ${ModelPackageArn} has to be Approved, got ${ModelApprovalStatus}; approve it with UpdateModelPackage`,
    );
  if (ModelPackageStatus !== 'Completed')
    throw invalid(`${at}: ModelPackage ${ModelPackageArn} has to be Completed, got ${ModelPackageStatus as string}`);
}

async function checkModelData(context: Context, uri: string): Promise<void> {
  const found = await context.storage.list(uri);
  if (!found.some((object) => object.uri === uri)) throw invalid(`Could not find model data at ${uri}.`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
