import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../../core/json';
import { arn, nameOf } from '../api/arn';
import { without } from '../api/without';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import { findModelPackageGroup } from './find-model-package-group';
import { publishModelPackage } from './model-package-event';
import { modelPackageGroups } from './model-package-group-record';
import {
  type ModelApprovalStatus,
  type ModelPackageRecord,
  modelPackages,
  modelPackageTokens,
} from './model-package-record';

/** Members of the request that are accepted in an account and mean nothing here. */
const REFUSED = ['SourceAlgorithmSpecification', 'ValidationSpecification', 'ModelCard', 'ManagedStorageType'] as const;

/** Registers a package: the next version of its group, or one with a name of its own. Once for the same ClientToken. */
export async function createModelPackage(context: Context, input: JsonObject): Promise<JsonObject> {
  const { ModelPackageName, ModelPackageGroupName, ModelApprovalStatus } = input;
  for (const member of REFUSED)
    if (input[member] !== undefined)
      throw new ServiceError('ValidationException', `${member}: the local SageMaker doesn't implement it`);
  if (ModelPackageName !== undefined && ModelPackageGroupName !== undefined)
    throw new ServiceError(
      'ValidationException',
      'Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.',
    );
  const earlier = registeredBefore(context, input);
  if (earlier) return { ModelPackageArn: earlier };
  const common = {
    ...without(input, 'Tags', 'ClientToken', 'ModelPackageName', 'ModelPackageGroupName', 'ModelApprovalStatus'),
    CreationTime: context.now().toISOString(),
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: input.CertifyForMarketplace ?? false,
  };
  const record =
    ModelPackageGroupName === undefined
      ? unversioned(context, ModelPackageName, common, ModelApprovalStatus as ModelApprovalStatus | undefined)
      : version(
          context,
          ModelPackageGroupName,
          common,
          (ModelApprovalStatus ?? 'PendingManualApproval') as ModelApprovalStatus,
        );
  // The token first: a kill between the two writes leaves a token that leads to nothing, and so counts for nothing.
  if (input.ClientToken !== undefined)
    modelPackageTokens(context.store).put(tokenKey(input), { ModelPackageArn: record.ModelPackageArn });
  modelPackages(context.store).put(nameOf(record.ModelPackageArn, 'model-package'), record);
  await publishModelPackage(context.events, record, []);
  return { ModelPackageArn: record.ModelPackageArn };
}

/** The package that the same request has made before: a client that got no answer asks again, with the same token. */
function registeredBefore({ store }: Context, input: JsonObject): string | undefined {
  const known = input.ClientToken === undefined ? undefined : modelPackageTokens(store).get(tokenKey(input));
  return known && modelPackages(store).get(nameOf(known.ModelPackageArn, 'model-package'))?.ModelPackageArn;
}

function tokenKey({ ModelPackageName, ModelPackageGroupName, ClientToken }: JsonObject): string {
  const request = JSON.stringify([ModelPackageName, ModelPackageGroupName, ClientToken]);
  return createHash('sha256').update(request).digest('hex');
}

type Common = JsonObject & { readonly CreationTime: string };

function version(
  context: Context,
  group: Json,
  common: Common,
  ModelApprovalStatus: ModelApprovalStatus,
): ModelPackageRecord {
  const record = findModelPackageGroup(context, group);
  const name = record.ModelPackageGroupName;
  const ModelPackageVersion = record.lastVersion + 1;
  // The counter first: a kill between the two writes skips a version, and never gives one twice.
  modelPackageGroups(context.store).put(name, { ...record, lastVersion: ModelPackageVersion });
  return {
    ...common,
    ModelPackageName: name,
    ModelPackageGroupName: name,
    ModelPackageVersion,
    ModelPackageArn: arn(context, `model-package/${name}/${ModelPackageVersion}`),
    ModelApprovalStatus,
  };
}

function unversioned(
  context: Context,
  name: unknown,
  common: Common,
  status: ModelApprovalStatus | undefined,
): ModelPackageRecord {
  if (name === undefined) throw new ServiceError('ValidationException', 'Missing ARN.');
  if (status !== undefined)
    throw new ServiceError(
      'ValidationException',
      'ModelApprovalStatus is only valid for a version of a ModelPackageGroup; give ModelPackageGroupName',
    );
  const ModelPackageName = name as string;
  const ModelPackageArn = arn(context, `model-package/${ModelPackageName}`);
  if (modelPackages(context.store).get(ModelPackageName))
    throw new ServiceError('ValidationException', `Model Package already exists: ${ModelPackageArn}`);
  return { ...common, ModelPackageName, ModelPackageArn };
}
