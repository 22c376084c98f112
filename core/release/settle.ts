import { operationToken } from './decision';
import { CHANGING, SERVING } from './endpoint-status';
import { finish, type Verdict } from './finish';
import type { LiveRelease, ReleasePorts, StackOperation } from './ports';
import type { Outcome } from './release-state';

export type Settlement =
  /** No decision is open. */
  | { readonly kind: 'nothing' }
  /** @property started whether CloudFormation has begun */
  | { readonly kind: 'in-progress'; readonly started: boolean; readonly status: string }
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly failure: string | null };

/**
 * After this long without a sign of life, a decision whose update never began is given up. Longer than a message of
 * the queue stays hidden, so that a promotion which waits for its turn isn't taken for dead.
 */
const ABANDONED_SECONDS = 900;

/**
 * Finds out what became of the open decision, and records it. The endpoint itself is asked, not only the stack: an
 * endpoint can go back without CloudFormation saying so.
 */
export async function settle(ports: ReleasePorts): Promise<Settlement> {
  const held = await ports.state.load();
  if (!held || held.state.settled) return { kind: 'nothing' };
  const { decision, startedAt } = held.state;
  const operation = await ports.stack.operation(operationToken(decision));
  if (operation?.status.endsWith('_IN_PROGRESS')) {
    return { kind: 'in-progress', started: true, status: operation.status };
  }
  const ageSeconds = (ports.now().getTime() - Date.parse(startedAt)) / 1000;
  if (!operation && ageSeconds < ABANDONED_SECONDS) {
    return { kind: 'in-progress', started: false, status: 'not begun' };
  }
  // Somebody may have deployed the stack right after a rollback, and with it what the parameter still said.
  const { status } = await ports.stack.describe();
  if (status.endsWith('_IN_PROGRESS')) return { kind: 'in-progress', started: true, status };
  const live = await ports.endpoint.live();
  if (CHANGING.has(live.endpointStatus)) {
    return { kind: 'in-progress', started: true, status: `the endpoint is ${live.endpointStatus}` };
  }
  const verdict = judge(operation, live, decision.modelPackage);
  return { kind: 'settled', ...(await finish(held, verdict, ports, live)) };
}

function judge(operation: StackOperation | undefined, live: LiveRelease, wanted: string): Verdict {
  const serves = live.modelPackage === wanted && SERVING.has(live.endpointStatus);
  const found = `the endpoint is ${live.endpointStatus} with ${live.modelPackage}`;
  if (!operation) {
    return serves
      ? { outcome: 'released', failure: null }
      : { outcome: 'failed', failure: `the update never began; ${found}` };
  }
  switch (operation.status) {
    case 'UPDATE_COMPLETE':
      return serves
        ? { outcome: 'released', failure: null }
        : { outcome: 'rolled-back', failure: `the stack is UPDATE_COMPLETE, but ${found}` };
    case 'UPDATE_ROLLBACK_COMPLETE':
      return serves
        ? { outcome: 'released', failure: null }
        : { outcome: 'rolled-back', failure: operation.failure ?? 'CloudFormation gave no reason' };
    default:
      return {
        outcome: 'failed',
        failure: `the stack is ${operation.status}: ${operation.failure ?? 'no reason given'}; ${found}`,
      };
  }
}
