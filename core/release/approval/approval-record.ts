import { z } from 'zod';
import { isIntact, RecordSha256 } from '../seal';

/**
 * That one person said yes or no to a version, as the handler of approvals wrote it down. Records of a version are
 * numbered from 1 and chained: each has the hash of the one before, so that none can be changed, left out or put in
 * between without its showing.
 */
export const ApprovalRecord = z.strictObject({
  schema: z.literal(1),
  environment: z.string(),
  model: z.string(),
  /** ARN. */
  modelPackage: z.string(),
  version: z.int().min(1),
  verdict: z.enum(['approved', 'rejected']),
  /** The identity that AWS knows: never what somebody wrote. */
  person: z.string(),
  reason: z.string(),
  /** ISO, of the event. */
  decidedAt: z.string(),
  /** SHA-256 of the record before, in hex. Null for the first. */
  previous: z.string().nullable(),
});
export type ApprovalRecord = z.output<typeof ApprovalRecord>;

export const SealedApproval = ApprovalRecord.extend({ sha256: RecordSha256 });
export type SealedApproval = z.output<typeof SealedApproval>;

/** Whether the records are what was sealed, one after the other. */
export function isChain(records: readonly SealedApproval[]): boolean {
  return records.every((record, index) => isIntact(record) && record.previous === (records[index - 1]?.sha256 ?? null));
}

/** Where the approvals of a model, or of all models, are in the evidence bucket. Only the handler may write there. */
export function approvalPrefix(environment: string, model?: string): string {
  return ['approvals', environment, model].filter(Boolean).join('/');
}

/** @param number from 1 */
export function approvalKey(environment: string, model: string, version: number, number: number): string {
  return `${approvalPrefix(environment, model)}/${version}/${number}.json`;
}
