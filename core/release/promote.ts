import { type Standing, standingOf } from './approval/standing';
import { compareDecisions, type Decision, operationToken } from './decision';
import { SERVING } from './endpoint-status';
import { finish, type Verdict } from './finish';
import type { LiveRelease, ReleasePorts, UpdateAnswer } from './ports';
import { whyForeign } from './registry';
import type { Outcome, ReleaseState } from './release-state';
import { settle } from './settle';

export type Promotion =
  /** The stack is on its way: what becomes of it is settled later. */
  | { readonly kind: 'started' }
  /** Somebody else's turn: try again later. */
  | { readonly kind: 'busy'; readonly why: string }
  /** A later decision has been acted on. */
  | { readonly kind: 'superseded'; readonly by: Decision }
  /** The package is gone or no longer approved. */
  | { readonly kind: 'withdrawn'; readonly why: string }
  /** Its approval is too old: somebody has to say yes again. */
  | { readonly kind: 'expired'; readonly why: string }
  /** This decision has its outcome, from now or from before. */
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly failure: string | null };

type Held = { readonly state: ReleaseState; readonly tag: string };

/**
 * Makes a decision the released version: writes the release parameter and lets CloudFormation update the serving stack.
 * Safe to repeat, in any order and by several at once: a decision is acted on once, later decisions win, and one that
 * somebody else left unfinished is settled first.
 * @throws Error of the service when it can't say whether a call had an effect; call again
 */
export async function promote(decision: Decision, ports: ReleasePorts): Promise<Promotion> {
  const withdrawn = await withdrawal(decision, ports);
  if (withdrawn !== undefined) return { kind: 'withdrawn', why: withdrawn };

  let held = await ports.state.load();
  if (held && !held.state.settled && compareDecisions(decision, held.state.decision) !== 0) {
    const earlier = await settle(ports);
    if (earlier.kind === 'in-progress')
      return { kind: 'busy', why: `version ${held.state.decision.version} is on its way` };
    held = await ports.state.load();
  }
  if (held) {
    const order = compareDecisions(decision, held.state.decision);
    if (order < 0) return { kind: 'superseded', by: held.state.decision };
    if (order === 0) return resume(held, ports);
  }
  const standing = await approvalOf(decision, held, ports);
  if (standing.kind !== 'stands')
    return { kind: standing.kind === 'expired' ? 'expired' : 'withdrawn', why: standing.why };
  const { status } = await ports.stack.describe();
  if (status.endsWith('_IN_PROGRESS')) return { kind: 'busy', why: `the stack is ${status}` };
  return claim(decision, held, ports);
}

async function withdrawal(decision: Decision, ports: ReleasePorts): Promise<string | undefined> {
  const foreign = whyForeign(ports.registry, decision.modelPackage);
  if (foreign !== undefined) return foreign;
  const found = await ports.packages.describe(decision.modelPackage);
  if (!found) return `${decision.modelPackage} is not in the registry any more`;
  if (found.approval !== 'Approved') return `version ${found.version} is ${found.approval}`;
  const { group } = ports.registry;
  return found.group === group ? undefined : `${decision.modelPackage} is not a version of ${group}`;
}

/**
 * Whether those who have to say yes have done so. To go back, and to release again what is meant to serve, takes no new
 * approval: what has served was approved, and an outage is no time to look for a second person.
 */
async function approvalOf(decision: Decision, held: Held | undefined, ports: ReleasePorts): Promise<Standing> {
  const isKnown = decision.kind === 'rollback' || decision.modelPackage === held?.state.live;
  const found = isKnown ? undefined : await ports.packages.describe(decision.modelPackage);
  if (!found) return { kind: 'stands', approvals: [] };
  const approvedAt = decision.kind === 'approval' ? decision.decidedAt : (found.changedAt ?? decision.decidedAt);
  return standingOf(found, approvedAt, ports);
}

/** Takes the turn. Whoever replaces the state first has it. */
async function claim(decision: Decision, held: Held | undefined, ports: ReleasePorts): Promise<Promotion> {
  const live = held?.state.live ?? (await ports.parameter.read());
  const state: ReleaseState = {
    schema: 1,
    decision,
    settled: false,
    outcome: null,
    startedAt: ports.now().toISOString(),
    previous: live,
    live,
  };
  if (!(await ports.state.replace(state, held?.tag))) return { kind: 'busy', why: 'somebody else took the turn' };
  return update(state, ports);
}

/** The same decision again: a repeated event, or the rest of a promotion that was cut off. */
async function resume({ state }: Held, ports: ReleasePorts): Promise<Promotion> {
  if (state.settled && state.outcome) return { kind: 'settled', outcome: state.outcome, failure: null };
  const operation = await ports.stack.operation(operationToken(state.decision));
  if (!operation) return update(state, ports);
  const settlement = await settle(ports);
  return settlement.kind === 'settled' ? settlement : { kind: 'started' };
}

async function update(state: ReleaseState, ports: ReleasePorts): Promise<Promotion> {
  const held = await ports.state.load();
  // The turn may have been given to somebody else while we slept.
  if (!held || held.state.settled || compareDecisions(held.state.decision, state.decision) !== 0) {
    return { kind: 'busy', why: 'somebody else took the turn' };
  }
  const { decision } = state;
  if ((await ports.parameter.read()) !== decision.modelPackage) await ports.parameter.write(decision.modelPackage);
  const answer = await updateInTurn(operationToken(decision), ports);
  if (answer.kind === 'started') return answer;
  if (answer.kind === 'busy') {
    // Tells those who look for abandoned turns that this one isn't.
    await ports.state.replace({ ...held.state, startedAt: ports.now().toISOString() }, held.tag);
    return answer;
  }
  const live = await ports.endpoint.live();
  const verdict = judgeUnchanged(decision, live, answer.kind === 'refused' ? answer.why : undefined);
  return { kind: 'settled', ...(await finish(held, verdict, ports)) };
}

/** A refusal counts only while nobody else's operation runs: that one may have read the parameter, and be about to release. */
async function updateInTurn(token: string, { stack }: ReleasePorts): Promise<UpdateAnswer> {
  const answer = await stack.update(token);
  if (answer.kind !== 'refused') return answer;
  const { status } = await stack.describe();
  return status.endsWith('_IN_PROGRESS') ? { kind: 'busy', why: `the stack is ${status}` } : answer;
}

/**
 * The stack has read the parameter before: in an earlier promotion, or with a deployment of the infrastructure.
 * @param refusal why CloudFormation took no update. @default - there is nothing to update
 */
function judgeUnchanged({ modelPackage }: Decision, live: LiveRelease, refusal?: string): Verdict {
  if (live.modelPackage === modelPackage && SERVING.has(live.endpointStatus))
    return { outcome: 'released', failure: null };
  const found = `the endpoint is ${live.endpointStatus} with ${live.modelPackage}`;
  return { outcome: 'failed', failure: refusal ?? `the stack has the release already, but ${found}` };
}
