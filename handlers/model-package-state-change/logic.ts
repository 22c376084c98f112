import type { ModelPackageStateChange } from '../../core/events';
import { type Decision, wholeSeconds } from '../../core/release/decision';
import type { ReleasePorts } from '../../core/release/ports';
import { type Promotion, promote } from '../../core/release/promote';

/**
 * Promotes the version that an approval's event names. Events come at least once and in any order; the approval's time
 * is what counts, not the time of arrival.
 */
export async function promoteApproved(event: ModelPackageStateChange, ports: ReleasePorts): Promise<Promotion> {
  return promote(await decisionOf(event, ports), ports);
}

async function decisionOf({ detail, time }: ModelPackageStateChange, ports: ReleasePorts): Promise<Decision> {
  const found = await ports.packages.describe(detail.ModelPackageArn);
  return {
    modelPackage: detail.ModelPackageArn,
    version: detail.ModelPackageVersion,
    kind: 'approval',
    decidedAt: wholeSeconds(time),
    by: found?.changedBy ?? 'unknown',
    reason: found?.reason ?? 'approved without a reason',
  };
}
