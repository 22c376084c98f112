import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';

/** A ModelPackageGroup as it is kept: what Describe answers, and the counter. */
export interface ModelPackageGroupRecord extends JsonObject {
  readonly ModelPackageGroupName: string;
  readonly ModelPackageGroupArn: string;
  readonly CreationTime: string;
  readonly ModelPackageGroupStatus: 'Completed';
  readonly ModelPackageGroupDescription?: string;
  /** Highest version that was ever given: versions are not given again after a package is deleted. */
  readonly lastVersion: number;
}

export function modelPackageGroups(store: Store): Collection<ModelPackageGroupRecord> {
  return store.collection('model-package-groups');
}
