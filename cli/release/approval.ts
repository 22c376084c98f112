import { hasExpired } from '../../core/release/approval/approval-policy';
import { APPROVED_BY, toModelPackage } from '../../core/release/aws/model-packages';
import { wholeSeconds } from '../../core/release/decision';
import type { ModelPackage } from '../../core/release/ports';
import type { ModelVersion } from './model-versions';
import type { OpenRelease } from './open-release';

export interface ApprovalProps {
  readonly version: ModelVersion;
  readonly status: 'Approved' | 'Rejected';
  readonly reason: string;
  readonly by: string;
}

export interface Approval {
  /** False if the version had the status already: what was said then stands. */
  readonly changed: boolean;
  /** As it stands now. */
  readonly found: ModelPackage;
  /** When it was changed last, ISO, by SageMaker's clock. */
  readonly changedAt: string;
}

/** Says yes or no to a version, once; an approval that has expired is given again. */
export async function decideApproval(
  { version, status, reason, by }: ApprovalProps,
  release: OpenRelease,
): Promise<Approval> {
  const before = await describe(version.arn, release);
  if (before.found.approval === status) {
    const expired =
      status === 'Approved' && hasExpired(before.changedAt, release.ports.now(), release.ports.approvalPolicy);
    if (!expired) return { changed: false, ...before };
    // An approval that is said again changes nothing and tells nobody; one that is given anew does.
    await release.api.sageMaker.updateModelPackage({
      ModelPackageArn: version.arn,
      ModelApprovalStatus: 'PendingManualApproval',
      ApprovalDescription: 'the approval before had expired',
    });
  }
  await release.api.sageMaker.updateModelPackage({
    ModelPackageArn: version.arn,
    ModelApprovalStatus: status,
    ApprovalDescription: reason,
    // With what was there: whether a service adds to metadata or replaces it then makes no difference.
    CustomerMetadataProperties: { ...before.found.metadata, [APPROVED_BY]: by },
  });
  return { changed: true, ...(await describe(version.arn, release)) };
}

async function describe(arn: string, { api, ports }: OpenRelease): Promise<Omit<Approval, 'changed'>> {
  const description = await api.sageMaker.describeModelPackage({ ModelPackageName: arn });
  return {
    found: toModelPackage(description, arn),
    changedAt: wholeSeconds(description.LastModifiedTime ?? ports.now()),
  };
}
