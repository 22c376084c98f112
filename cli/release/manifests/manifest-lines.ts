import type { ManifestRecord } from '../../../core/release/manifest-record';
import type { EvidenceLocation } from '../evidence-entry';
import { type ManifestEntry, manifestKeys, readManifestEntry } from './manifest-history';

/** What was decided of the file that manifests are made from. Null says that it can't be read. */
export interface ManifestLine {
  readonly change: ManifestRecord['change'] | null;
  readonly version: number | null;
  /** Of the rollout, that the candidate has taken since; null if there is no candidate since. */
  readonly step: number | null;
  readonly decidedAt: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly evidence: string;
  readonly sha256: string | null;
  /** Whether the record is what was sealed. */
  readonly intact: boolean;
  readonly fault: string | null;
}

export interface ManifestLines {
  /** Newest first. */
  readonly manifests: readonly ManifestLine[];
  /** How many older ones the limit left out. */
  readonly omittedManifests: number;
}

/** @param limit how many at most */
export async function manifestLines(evidence: EvidenceLocation, limit: number): Promise<ManifestLines> {
  const keys = await manifestKeys(evidence);
  const entries = await Promise.all(keys.slice(0, limit).map((key) => readManifestEntry(evidence, key)));
  return {
    manifests: entries.map((entry) => toLine(entry, evidence.bucket)),
    omittedManifests: keys.length - entries.length,
  };
}

function toLine({ key, record, fault }: ManifestEntry, bucket: string): ManifestLine {
  const { candidate } = (record?.after ?? {}) as { readonly candidate?: { readonly step?: number } };
  return {
    change: record?.change ?? null,
    version: record?.version ?? null,
    step: candidate?.step ?? null,
    decidedAt: record?.decidedAt ?? null,
    by: record?.by ?? null,
    reason: record?.reason ?? null,
    evidence: `s3://${bucket}/${key}`,
    sha256: record?.sha256 ?? null,
    intact: fault === null,
    fault,
  };
}
