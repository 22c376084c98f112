import type { ModelPackage, ReleasePorts } from '../ports';
import type { ModelPackageDescription, SageMakerApi } from './api';
import { digestOf } from './image-digest';
import { unlessMissing } from './service-errors';

/** Metadata under which the command line notes who approved, as an account's identities may be shared. */
export const APPROVED_BY = 'approved-by';

export function modelPackages(sageMaker: SageMakerApi): ReleasePorts['packages'] {
  return {
    describe: async (arn) => {
      const found = await unlessMissing(sageMaker.describeModelPackage({ ModelPackageName: arn }));
      return found && toModelPackage(found, arn);
    },
  };
}

export function toModelPackage(found: Partial<ModelPackageDescription>, arn: string): ModelPackage {
  const metadata = found.CustomerMetadataProperties ?? {};
  const container = found.InferenceSpecification?.Containers?.[0];
  return {
    arn: found.ModelPackageArn ?? arn,
    group: found.ModelPackageGroupName ?? '',
    version: found.ModelPackageVersion ?? 0,
    approval: found.ModelApprovalStatus ?? 'PendingManualApproval',
    reason: found.ApprovalDescription ?? null,
    changedBy:
      metadata[APPROVED_BY] ?? found.LastModifiedBy?.UserProfileName ?? found.LastModifiedBy?.IamIdentity?.Arn ?? null,
    image: container?.Image ?? null,
    artefact: container?.ModelDataUrl ?? null,
    imageDigest: container?.ImageDigest ?? digestOf(container?.Image) ?? null,
    metricsUri: found.ModelMetrics?.ModelQuality?.Statistics?.S3Uri ?? null,
    metadata,
  };
}
