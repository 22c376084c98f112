import type { ApprovalPolicy } from '../core/release/approval/approval-policy';
import type { EnvironmentSpec } from './environment-spec';

/** What promotions are held to. */
export function approvalPolicy(approval: EnvironmentSpec['approval']): ApprovalPolicy {
  if (approval.kind === 'automatic') return { people: 0 };
  return { people: approval.people, expiresHours: approval.expiresHours };
}
