import type { ModelPackage, ReleasePorts } from '../ports';
import { hasExpired } from './approval-policy';
import type { SealedApproval } from './approval-record';

/** Whether a version may be released, by the people who said yes to it. */
export type Standing =
  | { readonly kind: 'stands'; readonly approvals: readonly SealedApproval[] }
  | { readonly kind: 'missing' | 'expired'; readonly why: string };

/**
 * The approvals that count, of different people, the earliest first: later than the last rejection, and not expired.
 * Of one person the latest counts.
 */
export function countingApprovals(
  records: readonly SealedApproval[],
  now: Date,
  policy: ReleasePorts['approvalPolicy'],
) {
  const rejectedAt = records.findLast(({ verdict }) => verdict === 'rejected')?.decidedAt;
  const latest = new Map<string, SealedApproval>();
  for (const record of records) {
    if (record.verdict !== 'approved' || hasExpired(record.decidedAt, now, policy)) continue;
    // Of the same second: no means no.
    if (rejectedAt !== undefined && Date.parse(record.decidedAt) <= Date.parse(rejectedAt)) continue;
    latest.delete(record.person);
    latest.set(record.person, record);
  }
  return [...latest.values()];
}

/**
 * @param approvedAt of the one approval, ISO, where one is enough
 * @throws Error if the records of approvals were changed
 */
export async function standingOf(found: ModelPackage, approvedAt: string, ports: ReleasePorts): Promise<Standing> {
  const { approvalPolicy: policy } = ports;
  const { people, expiresHours } = policy;
  if (people === 0) return { kind: 'stands', approvals: [] };
  if (people === 1) {
    return hasExpired(approvedAt, ports.now(), policy)
      ? {
          kind: 'expired',
          why: `version ${found.version} was approved at ${approvedAt}, more than ${expiresHours} hours ago`,
        }
      : { kind: 'stands', approvals: [] };
  }
  const records = await ports.approvals.list(found.version);
  const approvals = countingApprovals(records, ports.now(), policy);
  if (approvals.length >= people) return { kind: 'stands', approvals };
  const regardless = countingApprovals(records, ports.now(), { people });
  if (regardless.length >= people) {
    const oldest = regardless[0]?.decidedAt;
    return {
      kind: 'expired',
      why: `version ${found.version} was approved by ${people} people, the first at ${oldest}, more than ${expiresHours} hours ago`,
    };
  }
  return { kind: 'missing', why: describeMissing(found.version, approvals, people) };
}

/** For example `version 3 has 1 of 2 approvals, by arn:aws:sts::…`. */
export function describeMissing(version: number, approvals: readonly SealedApproval[], people: number): string {
  const by = approvals.map(({ person }) => person).join(' and ');
  return `version ${version} has ${approvals.length} of ${people} approvals${by && `, by ${by}`}`;
}
