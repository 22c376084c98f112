import type { ReleasePorts } from '../../core/release/ports';
import { type Settlement, settle } from '../../core/release/settle';
import { type Verification, verifyRelease } from '../../core/release/verify';
import { recordWentBack } from '../../core/release/went-back';

export type Review = (Settlement | { readonly kind: 'verified' }) & Partial<Verification>;

/** Tells CloudWatch in how many ways the live release differs from the one asked for. */
export type Measure = (mismatches: number) => Promise<void>;

/**
 * Settles the release that is open, and sees whether the settled one serves. Asked after every operation of the stack,
 * whoever began it, and by the clock: the question is always the same, so that no event has to be believed.
 * @throws Error if the stack has ended an operation of ours which its list of events doesn't show yet; ask again
 */
export async function review(ports: ReleasePorts, stackHasEnded: boolean, measure: Measure): Promise<Review> {
  const settlement = await settle(ports);
  if (settlement.kind === 'in-progress') {
    if (!settlement.started || !stackHasEnded) return settlement;
    throw new Error(
      `${ports.environment}-${ports.model}: the release can't be settled yet, got ${settlement.status}; trying again`,
    );
  }
  // Before it is put right, so that the alarm goes off.
  const verification = await verifyRelease(ports);
  await measure(verification.mismatches.length);
  if (settlement.kind === 'settled') return { ...settlement, ...verification };
  const wentBack = verification.mismatches.length > 0 ? await recordWentBack(ports) : undefined;
  if (wentBack) return { kind: 'settled', ...wentBack, ...verification };
  if (verification.mismatches.length > 0) {
    await ports.notify(
      `${ports.model} in ${ports.environment} is not what was released`,
      `${verification.mismatches.join('\n')}\n\nRelease it again with: npx mlops release promote ${ports.model} --env ${ports.environment}`,
    );
  }
  return { kind: 'verified', ...verification };
}
