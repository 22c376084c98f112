import { compareDecisions, type Decision } from '../../core/release/decision';
import { type Promotion, promote } from '../../core/release/promote';
import { settle } from '../../core/release/settle';
import type { OpenRelease } from './open-release';
import { describeDecision, type ReleaseResult, settledResult } from './release-result';
import { shiftNews } from './shift-news';
import type { Waiting } from './waiting';

/**
 * Makes a decision the released version, as the handlers do it, and waits for its outcome.
 * @param waiting undefined to leave once the stack is on its way, or somebody else is
 */
export async function carryOut(decision: Decision, release: OpenRelease, waiting?: Waiting): Promise<ReleaseResult> {
  for (;;) {
    const promotion = await promote(decision, release.ports);
    if (promotion.kind === 'started') return waiting ? followOwn(decision, release, waiting) : onItsWay(decision);
    if (promotion.kind !== 'busy') return toResult(promotion, decision, release);
    const busy = `version ${decision.version} waits for its turn: ${promotion.why}`;
    if (!(await waiting?.pause(busy))) return { outcome: 'busy', why: promotion.why, evidence: null };
  }
}

async function toResult(
  promotion: Exclude<Promotion, { kind: 'started' | 'busy' }>,
  decision: Decision,
  release: OpenRelease,
): Promise<ReleaseResult> {
  if (promotion.kind === 'settled') return settledResult(release, decision);
  if (promotion.kind === 'withdrawn' || promotion.kind === 'expired')
    return { outcome: promotion.kind, why: promotion.why, evidence: null };
  return { outcome: 'superseded', why: describeDecision(promotion.by), evidence: null };
}

async function followOwn(decision: Decision, release: OpenRelease, waiting: Waiting): Promise<ReleaseResult> {
  for (;;) {
    const settlement = await settle(release.ports);
    // Settled by us or by the handler; whoever else is on its way could only begin after that.
    const open = settlement.kind === 'in-progress' && (await isOpen(decision, release));
    if (!open) return settledResult(release, decision);
    const { message, detail } = await shiftNews(release);
    const news = `version ${decision.version}: stack ${settlement.status}, ${message}`;
    if (!(await waiting.pause(news, detail))) return onItsWay(decision);
  }
}

async function isOpen(decision: Decision, { ports }: OpenRelease): Promise<boolean> {
  const held = await ports.state.load();
  return held !== undefined && compareDecisions(held.state.decision, decision) === 0 && !held.state.settled;
}

function onItsWay({ version }: Decision): ReleaseResult {
  return { outcome: 'in-progress', why: `version ${version} is on its way`, evidence: null };
}
