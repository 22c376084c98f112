import { NO_RELEASE } from '../names';
import { evidenceKey } from './evidence';
import { withAlarms } from './gone-off';
import type { LiveRelease, ReleasePorts } from './ports';
import { messageOf, recordOf, subjectOf } from './record-of';
import type { Outcome, ReleaseState } from './release-state';
import { seal } from './seal';

export interface Verdict {
  readonly outcome: Outcome;
  /** Null when released. */
  readonly failure: string | null;
}

/**
 * Ends a decision: the parameter says what is meant to serve, the evidence is kept, the state is settled, people are
 * told. In this order, and each step can be repeated: whoever is cut off leaves an open decision behind, which the next
 * one settles with the outcome that the evidence has.
 */
export async function finish(
  held: { readonly state: ReleaseState; readonly tag: string },
  seen: Verdict,
  ports: ReleasePorts,
  found?: LiveRelease,
): Promise<Verdict> {
  const { state, tag } = held;
  const { decision } = state;
  const live = found ?? (await ports.endpoint.live());
  // Before the evidence: whoever is cut off in between leaves nothing behind that a deployment could turn into another
  // truth than the recorded one. And a failed version must not come back with the next deployment.
  await meanToServe(state, seen.outcome, ports);
  const key = evidenceKey(ports.environment, ports.model, decision);
  // The first release moves no traffic, so that there is nothing to judge.
  const shifts = state.previous !== NO_RELEASE;
  const [explained, answer] = await Promise.all([
    withAlarms(seen, state, live, ports),
    shifts ? ports.guards.judge(new Date(state.startedAt)) : null,
  ]);
  const verdict = { ...explained, ...(answer && 'notJudged' in answer ? answer : { judgement: answer }) };
  const kept = await ports.evidence.keep(key, seal(await recordOf(state, verdict, live, ports)));
  const { outcome, failure } = kept;
  if (outcome !== seen.outcome) await meanToServe(state, outcome, ports);

  const replaced = await ports.state.replace(
    { ...state, settled: true, outcome, live: outcome === 'released' ? decision.modelPackage : state.live },
    tag,
  );
  if (replaced) await ports.notify(subjectOf(kept), messageOf(kept, key));
  return { outcome, failure };
}

/** Writes the parameter by the outcome, and leaves alone what somebody else wrote there. */
export async function meanToServe(
  { decision, previous }: ReleaseState,
  outcome: Outcome,
  ports: ReleasePorts,
): Promise<void> {
  const release = outcome === 'released' ? decision.modelPackage : previous;
  const value = await ports.parameter.read();
  const isOurs = value === decision.modelPackage || value === previous;
  if (isOurs && value !== release) await ports.parameter.write(release);
}
