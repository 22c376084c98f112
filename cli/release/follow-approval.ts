import { countingApprovals, describeMissing } from '../../core/release/approval/standing';
import { compareDecisions, type Decision } from '../../core/release/decision';
import type { ModelPackage } from '../../core/release/ports';
import type { OpenRelease } from './open-release';
import { describeDecision, type ReleaseResult, settledResult } from './release-result';
import { shiftNews } from './shift-news';
import type { Waiting } from './waiting';

export interface ApprovalToFollow {
  readonly arn: string;
  readonly version: number;
  /** When SageMaker changed the package, ISO. */
  readonly approvedAt: string;
  /** The decision that had been acted on before the approval. @default - none */
  readonly before?: Decision;
}

/**
 * Watches the promotion that an approval starts by itself. It only reads, as approvers may: the handlers settle it.
 */
export async function followApproval(
  approval: ApprovalToFollow,
  release: OpenRelease,
  waiting: Waiting,
): Promise<ReleaseResult> {
  for (;;) {
    const seen = await look(approval, release);
    if (seen.outcome !== 'in-progress') return seen;
    const detail = (seen.why ?? '').endsWith(ON_ITS_WAY) ? await shiftNews(release) : NO_NEWS;
    if (!(await waiting.pause([seen.why, detail.message].filter(Boolean).join(': '), detail.detail))) return seen;
  }
}

async function look(
  { arn, version, approvedAt, before }: ApprovalToFollow,
  release: OpenRelease,
): Promise<ReleaseResult> {
  const { ports } = release;
  const state = (await ports.state.load())?.state;
  const news = state && !(before && compareDecisions(before, state.decision) === 0) ? state : undefined;
  if (news?.decision.modelPackage === arn) {
    if (news.settled) return settledResult(release, news.decision);
    return inProgress(`version ${version} ${ON_ITS_WAY}`);
  }
  if (news && compareDecisions({ ...news.decision, decidedAt: approvedAt, version }, news.decision) < 0) {
    return { outcome: 'superseded', why: describeDecision(news.decision), evidence: null };
  }
  const found = await ports.packages.describe(arn);
  if (found?.approval !== 'Approved') {
    const awaited = found && (await awaitedApprovals(found, release));
    if (awaited !== undefined) return { outcome: 'awaits-approval', why: awaited, evidence: null };
    return { outcome: 'withdrawn', why: `version ${version} is ${found?.approval ?? 'gone'}`, evidence: null };
  }
  return inProgress(
    state && !state.settled
      ? `version ${version} waits for its turn: version ${state.decision.version} is on its way`
      : `version ${version} is approved, and has not been taken up yet`,
  );
}

/** Who has said yes so far, where several people have to. @returns undefined if it isn't for lack of people */
async function awaitedApprovals(
  { version, approval }: ModelPackage,
  { ports }: OpenRelease,
): Promise<string | undefined> {
  const { approvalPolicy: policy } = ports;
  if (policy.people < 2 || approval !== 'PendingManualApproval') return undefined;
  const approvals = countingApprovals(await ports.approvals.list(version), ports.now(), policy);
  return approvals.length === 0 ? undefined : describeMissing(version, approvals, policy.people);
}

const ON_ITS_WAY = 'is on its way';
const NO_NEWS = { message: '', detail: '' };

function inProgress(why: string): ReleaseResult {
  return { outcome: 'in-progress', why, evidence: null };
}
