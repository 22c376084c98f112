import type { Json, JsonObject } from '../../../core/json';
import { nameOf } from '../api/arn';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import { findModelPackage } from './find-model-package';
import { publishModelPackage } from './model-package-event';
import { type ModelPackageRecord, modelPackages } from './model-package-record';

/** Members that an update replaces as they are. */
const REPLACED = ['ModelApprovalStatus', 'ApprovalDescription', 'SourceUri', 'ModelLifeCycle'] as const;
const REFUSED = ['InferenceSpecification', 'ModelCard', 'ModelPackageRegistrationType'] as const;

/**
 * Changes what may change in a package, above all its approval. The service tells of every update, even of one that
 * leaves the status as it was: a caller whose first attempt was cut off may simply repeat it.
 */
export async function updateModelPackage(context: Context, input: JsonObject): Promise<JsonObject> {
  const record = findModelPackage(context, input.ModelPackageArn as string);
  for (const member of REFUSED)
    if (input[member] !== undefined)
      throw new ServiceError('ValidationException', `${member}: the local SageMaker doesn't implement changing it`);
  if (input.ModelApprovalStatus !== undefined && record.ModelPackageVersion === undefined)
    throw new ServiceError(
      'ValidationException',
      `${record.ModelPackageArn} isn't a version of a ModelPackageGroup; only those are approved`,
    );
  const updated: Record<string, Json> = { ...record, LastModifiedTime: context.now().toISOString() };
  const fields: string[] = [];
  for (const member of REPLACED) {
    const value = input[member];
    if (value === undefined) continue;
    updated[member] = value;
    fields.push(member);
  }
  if (input.CustomerMetadataProperties !== undefined || input.CustomerMetadataPropertiesToRemove !== undefined) {
    updated.CustomerMetadataProperties = metadata(record, input);
    fields.push('CustomerMetadataProperties');
  }
  if (input.AdditionalInferenceSpecificationsToAdd !== undefined) {
    updated.AdditionalInferenceSpecifications = [
      ...(record.AdditionalInferenceSpecifications ?? []),
      ...(input.AdditionalInferenceSpecificationsToAdd as readonly JsonObject[]),
    ];
    fields.push('AdditionalInferenceSpecifications');
  }
  const result = updated as unknown as ModelPackageRecord;
  modelPackages(context.store).put(nameOf(record.ModelPackageArn, 'model-package'), result);
  await publishModelPackage(context.events, result, fields);
  return { ModelPackageArn: record.ModelPackageArn };
}

/** Properties that are given are added or replaced, the others stay. */
function metadata(record: ModelPackageRecord, input: JsonObject): JsonObject {
  const removed = new Set((input.CustomerMetadataPropertiesToRemove ?? []) as readonly string[]);
  const merged = { ...record.CustomerMetadataProperties, ...(input.CustomerMetadataProperties as JsonObject) };
  return Object.fromEntries(Object.entries(merged).filter(([key]) => !removed.has(key)));
}
