import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';

export type ModelApprovalStatus = 'Approved' | 'Rejected' | 'PendingManualApproval';

/** A ModelPackage as Describe answers it; kept under `GROUP/VERSION`, or its own name if it has no group. */
export interface ModelPackageRecord extends JsonObject {
  /** For a version of a group this is the name of the group. */
  readonly ModelPackageName: string;
  readonly ModelPackageArn: string;
  readonly ModelPackageGroupName?: string;
  readonly ModelPackageVersion?: number;
  readonly ModelApprovalStatus?: ModelApprovalStatus;
  readonly ModelPackageDescription?: string;
  readonly ApprovalDescription?: string;
  readonly CustomerMetadataProperties?: Readonly<Record<string, string>>;
  readonly AdditionalInferenceSpecifications?: readonly JsonObject[];
  readonly CreationTime: string;
  readonly LastModifiedTime?: string;
}

/** By a hash of each request that carried a ClientToken, the package that it made. */
export function modelPackageTokens(store: Store): Collection<{ readonly ModelPackageArn: string }> {
  return store.collection('model-package-tokens');
}

export function modelPackages(store: Store): Collection<ModelPackageRecord> {
  return store.collection('model-packages');
}
