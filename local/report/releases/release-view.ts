import type { EvidenceRecord } from '../../../core/release/evidence';
import type { Rehearsal } from '../../rehearsal/rehearsal';
import type { DeploymentEntry, DeploymentHistory } from '../../sagemaker/endpoint/deployment-history';

/** One release as the page shows it. */
export interface ReleaseView {
  readonly record: EvidenceRecord;
  /** Undefined for the first release, which moves no traffic, and for those that the endpoint has forgotten. */
  readonly deployment: DeploymentEntry | undefined;
  /** Undefined if nobody rehearsed it. */
  readonly rehearsal: Rehearsal | undefined;
}

/** What the page says of releases. */
export interface ReleasesView {
  /** How many times faster than the machine's the endpoint's clock goes. */
  readonly speed: number;
  /** Bounds of the guards; null for one that is off. */
  readonly errorRatePercent: number | null;
  readonly p99LatencyMs: number | null;
  /** The latest first. */
  readonly releases: readonly ReleaseView[];
}

/** Brings together what the evidence, the endpoint and the rehearsals know of each release. */
export function joinReleases(
  records: readonly EvidenceRecord[],
  history: DeploymentHistory | undefined,
  rehearsals: readonly Rehearsal[],
): ReleaseView[] {
  return records
    .toSorted((a, b) => Date.parse(b.decision.decidedAt) - Date.parse(a.decision.decidedAt))
    .map((record) => ({
      record,
      deployment: history?.deployments.findLast((entry) => isOf(entry, record)),
      rehearsal: rehearsals.find(({ version, startedAt }) => {
        return version === record.decision.version && isWithin(startedAt, record, REGISTRATION_MS);
      }),
    }));
}

/** A rehearsal begins with making and registering its version, before there is a decision. */
const REGISTRATION_MS = 600_000;

/** While a release is on its way no other one is, so the time tells which deployment is its own: the first in it. */
function isOf({ startTime }: DeploymentEntry, record: EvidenceRecord): boolean {
  return isWithin(startTime, record, 0);
}

function isWithin(time: string, { decision, settledAt }: EvidenceRecord, before: number): boolean {
  const at = Date.parse(time);
  return at >= Date.parse(decision.decidedAt) - before && at <= Date.parse(settledAt);
}
