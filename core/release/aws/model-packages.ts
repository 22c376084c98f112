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
  const person = personOf(found.LastModifiedBy);
  const noted = [metadata[APPROVED_BY], person].filter((each) => each !== undefined && each !== null);
  const container = found.InferenceSpecification?.Containers?.[0];
  return {
    arn: found.ModelPackageArn ?? arn,
    group: found.ModelPackageGroupName ?? '',
    version: found.ModelPackageVersion ?? 0,
    approval: found.ModelApprovalStatus ?? 'PendingManualApproval',
    reason: found.ApprovalDescription ?? null,
    changedBy: noted.length > 0 ? noted.join(', ') : null,
    person,
    changedAt: found.LastModifiedTime?.toISOString() ?? null,
    image: container?.Image ?? null,
    artefact: container?.ModelDataUrl ?? null,
    imageDigest: container?.ImageDigest ?? digestOf(container?.Image) ?? null,
    metricsUri: found.ModelMetrics?.ModelQuality?.Statistics?.S3Uri ?? null,
    metadata,
  };
}

/**
 * A source identity goes along through every role that is assumed; the name of a session is what whoever assumed the
 * role called it, unless the role's trust policy says otherwise.
 */
function personOf(by: Partial<ModelPackageDescription>['LastModifiedBy']): string | null {
  const user = by?.UserProfileName && [by.DomainId, by.UserProfileName].filter(Boolean).join('/');
  return by?.IamIdentity?.SourceIdentity ?? user ?? by?.IamIdentity?.Arn ?? null;
}
