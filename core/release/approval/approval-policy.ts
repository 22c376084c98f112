/** How an environment says yes to versions of its models. */
export interface ApprovalPolicy {
  /** Different people who have to say yes: 0 where passing the gates is enough, at most 2. */
  readonly people: number;
  /** After this long an approval that wasn't promoted doesn't count any more. @default - it counts for good */
  readonly expiresHours?: number;
}

const HOUR = 3_600_000;

/** @param approvedAt ISO */
export function hasExpired(approvedAt: string, now: Date, { expiresHours }: ApprovalPolicy): boolean {
  return expiresHours !== undefined && now.getTime() - Date.parse(approvedAt) > expiresHours * HOUR;
}
