import type { ReleasePorts } from '../../core/release/ports';
import { type Settlement, settle } from '../../core/release/settle';
import { type Verification, verifyRelease } from '../../core/release/verify';

export type Review = Settlement | ({ readonly kind: 'verified' } & Verification);

/**
 * Settles the release that is open, or sees whether the settled one still serves. Asked after every operation of the
 * stack, whoever began it, and by the clock: the question is always the same, so that no event has to be believed.
 * @throws Error if the stack has ended an operation of ours which its list of events doesn't show yet; ask again
 */
export async function review(ports: ReleasePorts, stackHasEnded: boolean): Promise<Review> {
  const settlement = await settle(ports);
  if (settlement.kind === 'in-progress' && settlement.started && stackHasEnded) {
    throw new Error(
      `${ports.environment}-${ports.model}: the release can't be settled yet, got ${settlement.status}; trying again`,
    );
  }
  if (settlement.kind !== 'nothing') return settlement;
  const verification = await verifyRelease(ports);
  if (verification.mismatches.length > 0) {
    await ports.notify(
      `${ports.model} in ${ports.environment} is not what was released`,
      `${verification.mismatches.join('\n')}\n\nRelease it again with: npx mlops release promote ${ports.model} --env ${ports.environment}`,
    );
  }
  return { kind: 'verified', ...verification };
}
