import { manifestKey, manifestPrefix, SealedManifestRecord } from '../../../core/release/manifest-record';
import { isIntact } from '../../../core/release/seal';
import { listKeys } from '../list-keys';
import type { EvidenceLocation } from '../release-history';

/** One place in the evidence bucket, and what was found there. */
export interface ManifestEntry {
  readonly key: string;
  /** Undefined if it can't be read as a record. */
  readonly record: SealedManifestRecord | undefined;
  /** Why it can't be trusted. Null if it is what was sealed, in the place where it belongs. */
  readonly fault: string | null;
}

/** At once: S3 takes thousands, a laptop's sockets don't. */
const BATCH = 16;

/** Keys of what was decided about a model's manifests, newest first: a key begins with the time. */
export async function manifestKeys({ api, bucket, environment, model }: EvidenceLocation): Promise<string[]> {
  return (await listKeys(api, bucket, manifestPrefix(environment, model))).sort().toReversed();
}

/** The records one after the other, newest first, read as they are asked for. */
export async function* manifestHistory(location: EvidenceLocation): AsyncGenerator<ManifestEntry> {
  const keys = await manifestKeys(location);
  for (let start = 0; start < keys.length; start += BATCH) {
    yield* await Promise.all(keys.slice(start, start + BATCH).map((key) => readManifestEntry(location, key)));
  }
}

export async function readManifestEntry({ api, bucket }: EvidenceLocation, key: string): Promise<ManifestEntry> {
  const object = await api.s3.getObject({ Bucket: bucket, Key: key });
  const record = parseRecord((await object.Body?.transformToString()) ?? '');
  if (!record) return { key, record, fault: 'is not a record that this version can read' };
  if (!isIntact(record)) return { key, record, fault: 'was changed after it was sealed' };
  const { sha256: _, ...sealed } = record;
  // The key is made of all that the record says, its environment and model too.
  return { key, record, fault: manifestKey(sealed) === key ? null : 'belongs to another place' };
}

function parseRecord(text: string): SealedManifestRecord | undefined {
  try {
    return SealedManifestRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
