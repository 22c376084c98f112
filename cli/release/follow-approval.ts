import { modelName } from '../../core/names';
import { compareDecisions, type Decision } from '../../core/release/decision';
import type { OpenRelease } from './open-release';
import { describeDecision, type ReleaseResult, settledResult } from './release-result';
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
    if (seen.outcome !== 'in-progress' || !(await waiting.pause(seen.why ?? ''))) return seen;
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
    return inProgress(`version ${version} is on its way, the endpoint is ${await endpointStatus(release)}`);
  }
  if (news && compareDecisions({ ...news.decision, decidedAt: approvedAt, version }, news.decision) < 0) {
    return { outcome: 'superseded', why: describeDecision(news.decision), evidence: null };
  }
  const found = await ports.packages.describe(arn);
  if (found?.approval !== 'Approved') {
    return { outcome: 'withdrawn', why: `version ${version} is ${found?.approval ?? 'gone'}`, evidence: null };
  }
  return inProgress(
    state && !state.settled
      ? `version ${version} waits for its turn: version ${state.decision.version} is on its way`
      : `version ${version} is approved, and has not been taken up yet`,
  );
}

/** For people only. */
export async function endpointStatus({ api, ports }: OpenRelease): Promise<string> {
  try {
    const { EndpointStatus = 'unknown' } = await api.sageMaker.describeEndpoint({
      EndpointName: modelName(ports.environment, ports.model),
    });
    return EndpointStatus;
  } catch {
    return 'not there yet';
  }
}

function inProgress(why: string): ReleaseResult {
  return { outcome: 'in-progress', why, evidence: null };
}
