import { arn } from '../api/arn';
import { listRecords } from '../api/list-records';
import { without } from '../api/without';
import type { Context } from '../context';
import type { Operations } from '../operation';
import { ServiceError } from '../service-error';
import { findModelPackageGroup } from './find-model-package-group';
import { modelPackageGroups } from './model-package-group-record';
import { modelPackages } from './model-package-record';

/** Groups of model packages: what a registry calls a model. */
export function modelPackageGroupOperations(context: Context): Operations {
  const groups = modelPackageGroups(context.store);
  const packages = modelPackages(context.store);

  return {
    CreateModelPackageGroup(input) {
      if (input.ManagedConfiguration !== undefined)
        throw new ServiceError('ValidationException', "ManagedConfiguration: the local SageMaker doesn't implement it");
      const name = input.ModelPackageGroupName as string;
      const groupArn = arn(context, `model-package-group/${name}`);
      if (groups.get(name))
        throw new ServiceError('ValidationException', `Model Package Group already exists: ${groupArn}`);
      groups.put(name, {
        ...without(input, 'Tags'),
        ModelPackageGroupName: name,
        ModelPackageGroupArn: groupArn,
        CreationTime: context.now().toISOString(),
        ModelPackageGroupStatus: 'Completed',
        lastVersion: 0,
      });
      return { ModelPackageGroupArn: groupArn };
    },

    DescribeModelPackageGroup({ ModelPackageGroupName }) {
      return { ...without(findModelPackageGroup(context, ModelPackageGroupName), 'lastVersion'), CreatedBy: {} };
    },

    DeleteModelPackageGroup({ ModelPackageGroupName }) {
      const name = findModelPackageGroup(context, ModelPackageGroupName).ModelPackageGroupName;
      if (packages.names().some((key) => key.startsWith(`${name}/`)))
        throw new ServiceError(
          'ConflictException',
          `Model Package Group ${name} cannot be deleted because it still contains Model Packages. Please delete all Model Packages and try again.`,
        );
      groups.delete(name);
      return {};
    },

    ListModelPackageGroups(input) {
      const { items, NextToken } = listRecords({
        records: groups.list(),
        input,
        nameOf: (group) => group.ModelPackageGroupName,
        sortBy: { Name: (group) => group.ModelPackageGroupName, CreationTime: (group) => group.CreationTime },
        defaultOrder: 'Ascending',
      });
      return { ModelPackageGroupSummaryList: items.map((group) => without(group, 'lastVersion')), NextToken };
    },
  };
}
