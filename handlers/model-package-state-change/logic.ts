import type { ModelPackageStateChange } from '../../core/events';
import { type Count, countApproval } from '../../core/release/approval/count-approval';
import { type Decision, wholeSeconds } from '../../core/release/decision';
import type { ModelPackage, ReleasePorts } from '../../core/release/ports';
import { type Promotion, promote } from '../../core/release/promote';
import { checkOrigin, isOffered, type Offer, offer } from './offer';

export type Answer = Promotion | Offer | Exclude<Count, { kind: 'enough' }>;

/** Sets a version to pending again, with a reason. */
export type TakeBack = (modelPackage: string, why: string) => Promise<void>;

/**
 * Promotes the version that an approval's event names, once as many people have said yes as the environment asks for.
 * Events come at least once and in any order; the approval's time is what counts, not the time of arrival.
 *
 * An approval in another environment's registry is none of this environment's: where this one asks people, it only tells
 * them.
 * @throws Error if the event is about another registry
 */
export async function promoteApproved(
  event: ModelPackageStateChange,
  ports: ReleasePorts,
  takeBack: TakeBack,
): Promise<Answer> {
  checkOrigin(event, ports.registry);
  const { detail, time } = event;
  const found = await ports.packages.describe(detail.ModelPackageArn);
  const decision = decisionOf(event, found);
  if (isOffered(ports)) return offer(decision, found, ports);
  if (found && ports.approvalPolicy.people > 1) {
    const verdict = detail.ModelApprovalStatus === 'Rejected' ? 'rejected' : 'approved';
    const count = await countApproval(found, { verdict, at: time }, ports, (why) => takeBack(found.arn, why));
    if (count.kind !== 'enough') return count;
    return tellExpired(await promote({ ...decision, by: count.by }, ports), decision, ports);
  }
  return tellExpired(await promote(decision, ports), decision, ports);
}

function decisionOf({ detail, time }: ModelPackageStateChange, found: ModelPackage | undefined): Decision {
  return {
    modelPackage: detail.ModelPackageArn,
    version: detail.ModelPackageVersion,
    kind: 'approval',
    decidedAt: wholeSeconds(time),
    by: found?.changedBy ?? 'unknown',
    reason: found?.reason ?? 'approved without a reason',
  };
}

async function tellExpired(promotion: Promotion, { version }: Decision, ports: ReleasePorts): Promise<Promotion> {
  if (promotion.kind !== 'expired') return promotion;
  const { model, environment } = ports;
  await ports.notify(
    `${model} ${version} in ${environment}: its approval expired`,
    `${promotion.why}; what served before serves on\n\nSay yes again with: npx mlops release approve ${model} ${version} --env ${environment} --reason …`,
  );
  return promotion;
}
