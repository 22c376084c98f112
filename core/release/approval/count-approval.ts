import { wholeSeconds } from '../decision';
import type { ModelPackage, ReleasePorts } from '../ports';
import { countingApprovals, describeMissing } from './standing';

export type Count =
  /** Enough people have said yes. */
  | { readonly kind: 'enough'; readonly by: string }
  | { readonly kind: 'waits'; readonly why: string }
  | { readonly kind: 'rejected'; readonly why: string }
  /** The package was changed after the event: who said yes can't be told. */
  | { readonly kind: 'unattributed'; readonly why: string };

export interface Said {
  readonly verdict: 'approved' | 'rejected';
  /** Of the event, ISO. */
  readonly at: string;
}

/** Between SageMaker's clock and that of the event, which is in whole seconds. */
const TOLERANCE_SECONDS = 5;

/**
 * Writes down who said yes or no to a version, where an environment asks several people, and takes an approval that is
 * not enough back: until the last of them has said yes, the registry shows nobody an approved version.
 *
 * SageMaker's events don't say who acted. The package says who changed it last, so an approval counts only while it is
 * the last change of the package.
 * @param takeBack sets the version to pending again, with what is told to those who look at it
 */
export async function countApproval(
  found: ModelPackage,
  { verdict, at }: Said,
  ports: ReleasePorts,
  takeBack: (why: string) => Promise<void>,
): Promise<Count> {
  const { approvalPolicy: policy } = ports;
  const { version } = found;
  const decidedAt = wholeSeconds(at);
  const records = await ports.approvals.list(version);
  const isLast = isLastChange(found, { verdict, at });
  const isCounted = records.some((record) => {
    return record.decidedAt === decidedAt && record.verdict === verdict && (!isLast || record.person === found.person);
  });
  if (!isCounted) {
    if (verdict === 'approved' && !(isLast && found.person !== null))
      return unattributed(found, isLast, ports, takeBack);
    await ports.approvals.add({
      schema: 1,
      environment: ports.environment,
      model: ports.model,
      modelPackage: found.arn,
      version,
      verdict,
      person: isLast ? (found.person ?? 'unknown') : 'unknown',
      reason: found.reason ?? 'without a reason',
      decidedAt,
    });
  }
  if (verdict === 'rejected') return { kind: 'rejected', why: `version ${version} was rejected at ${decidedAt}` };
  const approvals = countingApprovals(await ports.approvals.list(version), ports.now(), policy);
  if (approvals.length >= policy.people)
    return { kind: 'enough', by: approvals.map(({ person }) => person).join(' and ') };
  const why = describeMissing(version, approvals, policy.people);
  if (isLast) {
    // Told first: whoever is cut off in between tells it again.
    await ports.notify(
      `${ports.model} ${version} in ${ports.environment}: ${approvals.length} of ${policy.people} approvals`,
      `${why}\n\nAnother person says yes with: npx mlops release approve ${ports.model} ${version} --env ${ports.environment} --reason …`,
    );
    await takeBack(why);
  }
  return { kind: 'waits', why };
}

/** Whether the package is as this event left it, so that whoever changed it last is who acted. */
function isLastChange({ approval, changedAt }: ModelPackage, { verdict, at }: Said): boolean {
  if (approval !== (verdict === 'approved' ? 'Approved' : 'Rejected')) return false;
  return Math.abs(Date.parse(changedAt ?? '') - Date.parse(at)) <= TOLERANCE_SECONDS * 1000;
}

/** Nobody is taken for an approver who may only have changed something else. */
async function unattributed(
  { version }: ModelPackage,
  isLast: boolean,
  { model, environment, notify }: ReleasePorts,
  takeBack: (why: string) => Promise<void>,
): Promise<Count> {
  const because = isLast ? 'AWS gives no identity for it' : 'the version was changed after it';
  const why = `an approval of version ${version} doesn't count: ${because}`;
  await notify(
    `${model} ${version} in ${environment}: an approval doesn't count`,
    `${why}\n\nSay yes again with: npx mlops release approve ${model} ${version} --env ${environment} --reason …`,
  );
  // A later change has an event of its own, which is counted for itself.
  if (isLast) await takeBack(why);
  return { kind: 'unattributed', why };
}
