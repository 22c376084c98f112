import type { Decision } from '../../core/release/decision';
import { evidenceKey } from '../../core/release/evidence';
import type { RolloutJudgement } from '../../core/release/guards/rollout-judgement';
import type { Outcome } from '../../core/release/release-state';
import type { OpenRelease } from './open-release';
import { readEntry } from './release-history';

/** What became of a decision, as far as a command has seen. */
export interface ReleaseResult {
  readonly outcome:
    | Outcome
    /** It serves, and was meant to, before the command did anything. */
    | 'live-already'
    /** On its way, or not taken up yet: it goes on by itself. */
    | 'in-progress'
    /** Not begun, as it wasn't its turn. */
    | 'busy'
    | 'superseded'
    | 'withdrawn'
    /** Its approval is too old. */
    | 'expired'
    /** Somebody has said yes, and more people have to. */
    | 'awaits-approval';
  /** Null if there is nothing to explain. */
  readonly why: string | null;
  /** What the guards had to say. @default - nothing was judged, or the outcome isn't known */
  readonly judgement?: RolloutJudgement;
  /** URI of the record. Null while there is none. */
  readonly evidence: string | null;
}

/** Reads the outcome of a decision that is settled from its record. */
export async function settledResult({ evidence }: OpenRelease, decision: Decision): Promise<ReleaseResult> {
  const key = evidenceKey(evidence.environment, evidence.model, decision);
  const uri = `s3://${evidence.bucket}/${key}`;
  const { record, fault } = await readEntry(evidence, key);
  if (!record || fault !== null) throw new Error(`${uri}: ${fault}, got no outcome to trust; find out who wrote it`);
  return { outcome: record.outcome, why: record.failure, judgement: record.judgement, evidence: uri };
}

/** For the end of an error. */
export function describeDecision({ version, kind, by, decidedAt }: Decision): string {
  return `version ${version}, ${kind} by ${by} at ${decidedAt}`;
}
