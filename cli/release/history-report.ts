import { modelName, NO_RELEASE } from '../../core/names';
import { unlessMissing } from '../../core/release/aws/service-errors';
import type { Decision } from '../../core/release/decision';
import type { RolloutJudgement } from '../../core/release/guards/rollout-judgement';
import type { Outcome } from '../../core/release/release-state';
import { type ManifestLines, manifestLines } from './manifests/manifest-lines';
import { versionOf } from './model-versions';
import type { OpenRelease } from './open-release';
import { evidenceKeys, type HistoryEntry, readEntry } from './release-history';

/** What `mlops release history --json` prints. */
export interface HistoryReport extends ManifestLines {
  readonly environment: string;
  readonly model: string;
  readonly endpoint: {
    readonly name: string;
    readonly status: string;
    /** ARN, or `none`. */
    readonly modelPackage: string;
    readonly version: number | null;
  };
  /** What is meant to serve: ARN, or `none`. */
  readonly releaseParameter: string;
  /** A decision whose outcome isn't known yet. */
  readonly inProgress: (Decision & { readonly startedAt: string }) | null;
  /** Newest first. */
  readonly releases: readonly ReleaseLine[];
  /** How many older ones the limit left out. */
  readonly omitted: number;
}

/** Null says that it can't be read. */
export interface ReleaseLine {
  readonly version: number | null;
  readonly outcome: Outcome | null;
  readonly kind: Decision['kind'] | null;
  readonly decidedAt: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly failure: string | null;
  /** What its guards had to say; null if nothing was judged. */
  readonly judgement: RolloutJudgement | null;
  /** Why the guards could not be asked. */
  readonly notJudged: string | null;
  /** Whether the endpoint serves what this decision released. */
  readonly live: boolean;
  readonly evidence: string;
  readonly sha256: string | null;
  /** Whether the record is what was sealed. */
  readonly intact: boolean;
  readonly fault: string | null;
}

/** @param limit how many at most, of releases on SageMaker and of changes of manifests each */
export async function historyReport({ ports, evidence }: OpenRelease, limit: number): Promise<HistoryReport> {
  const keys = await evidenceKeys(evidence);
  const [held, live, parameter, entries, manifests] = await Promise.all([
    ports.state.load(),
    ports.endpoint.live(),
    unlessMissing(ports.parameter.read()),
    Promise.all(keys.slice(0, limit).map((key) => readEntry(evidence, key))),
    manifestLines(evidence, limit),
  ]);
  const liveKey = entries.find(({ record }) => {
    return record?.outcome === 'released' && record.decision.modelPackage === live.modelPackage;
  })?.key;
  return {
    environment: ports.environment,
    model: ports.model,
    endpoint: {
      name: modelName(ports.environment, ports.model),
      status: live.endpointStatus,
      modelPackage: live.modelPackage,
      version: versionOf(live.modelPackage),
    },
    releaseParameter: parameter ?? NO_RELEASE,
    inProgress: held && !held.state.settled ? { ...held.state.decision, startedAt: held.state.startedAt } : null,
    releases: entries.map((entry) => toLine(entry, evidence.bucket, entry.key === liveKey)),
    omitted: keys.length - entries.length,
    ...manifests,
  };
}

function toLine({ key, record, fault }: HistoryEntry, bucket: string, live: boolean): ReleaseLine {
  return {
    version: record?.decision.version ?? null,
    outcome: record?.outcome ?? null,
    kind: record?.decision.kind ?? null,
    decidedAt: record?.decision.decidedAt ?? null,
    by: record?.decision.by ?? null,
    reason: record?.decision.reason ?? null,
    failure: record?.failure ?? null,
    judgement: record?.judgement ?? null,
    notJudged: record?.notJudged ?? null,
    live,
    evidence: `s3://${bucket}/${key}`,
    sha256: record?.sha256 ?? null,
    intact: fault === null,
    fault,
  };
}
