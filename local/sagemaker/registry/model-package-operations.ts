import type { Json, JsonObject } from '../../../core/json';
import { nameOf } from '../api/arn';
import { listRecords } from '../api/list-records';
import type { Context } from '../context';
import type { Operations } from '../operation';
import { createModelPackage } from './create-model-package';
import { findModelPackage } from './find-model-package';
import { findModelPackageGroup } from './find-model-package-group';
import { type ModelPackageRecord, modelPackages } from './model-package-record';
import { updateModelPackage } from './update-model-package';

/** Model packages: versions in a group, or packages with a name of their own. */
export function modelPackageOperations(context: Context): Operations {
  const packages = modelPackages(context.store);
  return {
    CreateModelPackage: (input) => createModelPackage(context, input),

    UpdateModelPackage: (input) => updateModelPackage(context, input),

    DescribeModelPackage: ({ ModelPackageName }) => findModelPackage(context, ModelPackageName as string),

    DeleteModelPackage({ ModelPackageName }) {
      const { ModelPackageArn } = findModelPackage(context, ModelPackageName as string);
      packages.delete(nameOf(ModelPackageArn, 'model-package'));
      return {};
    },

    ListModelPackages(input) {
      const groupName =
        input.ModelPackageGroupName === undefined
          ? undefined
          : findModelPackageGroup(context, input.ModelPackageGroupName).ModelPackageGroupName;
      const kind = packageType(input.ModelPackageType, groupName);
      const { items, NextToken } = listRecords({
        records: packages
          .list()
          .filter(
            (record) =>
              (groupName === undefined || record.ModelPackageGroupName === groupName) &&
              (kind === 'Both' || (kind === 'Versioned') === (record.ModelPackageVersion !== undefined)) &&
              (input.ModelApprovalStatus === undefined || record.ModelApprovalStatus === input.ModelApprovalStatus),
          ),
        input,
        nameOf: (record) => record.ModelPackageName,
        tieBreaker: (record) => [record.ModelPackageVersion ?? 0],
        sortBy: { Name: (record) => record.ModelPackageName, CreationTime: (record) => record.CreationTime },
        defaultOrder: 'Ascending',
      });
      return { ModelPackageSummaryList: items.map(summary), NextToken };
    },
  };
}

/** Without a type the service lists unversioned packages, unless a group is asked for. */
function packageType(type: Json | undefined, groupName: string | undefined): Json {
  return type ?? (groupName === undefined ? 'Unversioned' : 'Versioned');
}

function summary(record: ModelPackageRecord): JsonObject {
  return {
    ModelPackageName: record.ModelPackageName,
    ModelPackageGroupName: record.ModelPackageGroupName,
    ModelPackageVersion: record.ModelPackageVersion,
    ModelPackageArn: record.ModelPackageArn,
    ModelPackageDescription: record.ModelPackageDescription,
    CreationTime: record.CreationTime,
    ModelPackageStatus: record.ModelPackageStatus,
    ModelApprovalStatus: record.ModelApprovalStatus,
  };
}
