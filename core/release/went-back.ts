import { NO_RELEASE } from '../names';
import { SERVING } from './endpoint-status';
import { rolledBackKey } from './evidence';
import { meanToServe, type Verdict } from './finish';
import { withAlarms } from './gone-off';
import type { ReleasePorts } from './ports';
import { messageOf, recordOf, subjectOf } from './record-of';
import { seal } from './seal';

/**
 * Marks a verified release as rolled back when its endpoint serves the release before again and nobody decided so. The
 * record of the release stays as it is; another one beside it says what was found, and which alarms had gone off.
 * @returns undefined if the endpoint has not gone back to the release before; what else it may serve is a mismatch
 */
export async function recordWentBack(ports: ReleasePorts): Promise<Verdict | undefined> {
  const held = await ports.state.load();
  if (!held?.state.settled || held.state.outcome !== 'released') return undefined;
  const { state, tag } = held;
  const { decision, previous } = state;
  if (previous === NO_RELEASE || previous === decision.modelPackage) return undefined;
  const [live, stack] = await Promise.all([ports.endpoint.live(), ports.stack.describe()]);
  if (live.modelPackage !== previous || !SERVING.has(live.endpointStatus)) return undefined;
  if (stack.status.endsWith('_IN_PROGRESS')) return undefined;

  const failure = [`the endpoint went back after version ${decision.version} had been verified`, live.failureReason];
  const seen: Verdict = { outcome: 'rolled-back', failure: failure.filter(Boolean).join(': ') };
  await meanToServe(state, seen.outcome, ports);
  const verdict = await withAlarms(seen, state, live, ports);
  const key = rolledBackKey(ports.environment, ports.model, decision);
  const kept = await ports.evidence.keep(key, seal(await recordOf(state, verdict, live, ports)));
  const replaced = await ports.state.replace({ ...state, outcome: 'rolled-back', live: previous }, tag);
  if (replaced) await ports.notify(subjectOf(kept), messageOf(kept, key));
  return { outcome: kept.outcome, failure: kept.failure };
}
