import type { ModelPackageStateChange } from '../../core/events';
import { type Count, countApproval } from '../../core/release/approval/count-approval';
import { type Decision, wholeSeconds } from '../../core/release/decision';
import type { ModelPackage, ReleasePorts } from '../../core/release/ports';
import { type Promotion, promote } from '../../core/release/promote';
import { checkOrigin, isOffered, type Offer, offer } from './offer';

export type Answer =
  | Promotion
  | Offer
  | Exclude<Count, { kind: 'enough' }>
  /** Nobody said yes or no: something else of the version changed. */
  | { readonly kind: 'no-decision'; readonly why: string };

/** Sets a version to pending again, with a reason. */
export type TakeBack = (modelPackage: string, why: string) => Promise<void>;

/** Between a change and its event. */
const EVENT_DELAY_SECONDS = 60;

/**
 * Promotes the version that an approval's event names, once as many people have said yes as the environment asks for.
 * Events come at least once and in any order; the approval's time is what counts, not the time of arrival. They come of
 * every change of a version, with the status that it has: metadata that is added to an approved version is no new approval,
 * which would bring an older version back.
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
  const { detail } = event;
  const { UpdatedModelPackageFields: changed } = detail;
  if (changed && changed.length > 0 && !changed.includes('ModelApprovalStatus')) {
    const why = `of version ${detail.ModelPackageVersion} only ${changed.join(', ')} changed, not its approval`;
    return { kind: 'no-decision', why };
  }
  const found = await ports.packages.describe(detail.ModelPackageArn);
  const decision = decisionOf(event, found);
  if (isOffered(ports)) return offer(decision, found, ports);
  if (found && ports.approvalPolicy.people > 1) {
    const verdict = detail.ModelApprovalStatus === 'Rejected' ? 'rejected' : 'approved';
    const count = await countApproval(found, { verdict, at: decision.decidedAt }, ports, (why) =>
      takeBack(found.arn, why),
    );
    if (count.kind !== 'enough') return count;
    return tellExpired(await promote({ ...decision, by: count.by }, ports), decision, ports);
  }
  return tellExpired(await promote(decision, ports), decision, ports);
}

function decisionOf(event: ModelPackageStateChange, found: ModelPackage | undefined): Decision {
  const { detail } = event;
  return {
    modelPackage: detail.ModelPackageArn,
    version: detail.ModelPackageVersion,
    kind: 'approval',
    decidedAt: wholeSeconds(changedAt(event)),
    by: found?.changedBy ?? 'unknown',
    reason: found?.reason ?? 'approved without a reason',
  };
}

/**
 * SageMaker may send several events of one change, each with a time of its own. They are one decision: a later one would
 * release again what was sent back meanwhile.
 */
function changedAt({ detail, time }: ModelPackageStateChange): Date | string {
  const changed = new Date(detail.LastModifiedTime ?? Number.NaN);
  const delay = Math.abs(changed.getTime() - Date.parse(time));
  return delay <= EVENT_DELAY_SECONDS * 1000 ? changed : time;
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
