import type { Verdict } from './finish';
import type { RolloutJudgement } from './guards/rollout-judgement';
import type { FiredAlarm, LiveRelease, ReleasePorts } from './ports';
import type { ReleaseState } from './release-state';

export interface ExplainedVerdict extends Verdict {
  readonly alarms: readonly FiredAlarm[];
  /** Null if nothing was judged. */
  readonly judgement?: RolloutJudgement | null;
  /** Why the guards could not be asked. @default - they were, or had nothing to judge */
  readonly notJudged?: string;
}

/** Adds to a failure which alarms went off since the decision was taken up: they are why an endpoint goes back. */
export async function withAlarms(
  { outcome, failure }: Verdict,
  { startedAt }: ReleaseState,
  { rollbackAlarms }: LiveRelease,
  ports: ReleasePorts,
): Promise<ExplainedVerdict> {
  if (outcome === 'released') return { outcome, failure, alarms: [] };
  const alarms = await ports.alarms.fired(rollbackAlarms, new Date(startedAt));
  const said = alarms.map(({ name, at, reason }) => `alarm ${name} went off at ${at}: ${reason}`);
  return { outcome, failure: [failure, ...said].filter(Boolean).join('; '), alarms };
}
