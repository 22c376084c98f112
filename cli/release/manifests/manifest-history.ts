import { listKeys } from '../../../core/release/aws/list-keys';
import { manifestKey, manifestPrefix, SealedManifestRecord } from '../../../core/release/manifest-record';
import { type EvidenceEntry, type EvidenceLocation, inTurn, readEvidence } from '../evidence-entry';

export type ManifestEntry = EvidenceEntry<SealedManifestRecord>;

/** Keys of what was decided about a model's manifests, newest first: a key begins with the time. */
export async function manifestKeys({ api, bucket, environment, model }: EvidenceLocation): Promise<string[]> {
  return (await listKeys(api, bucket, manifestPrefix(environment, model))).sort().toReversed();
}

/** The records one after the other, newest first, read as they are asked for. */
export async function* manifestHistory(location: EvidenceLocation): AsyncGenerator<ManifestEntry> {
  yield* inTurn(await manifestKeys(location), (key) => readManifestEntry(location, key));
}

export function readManifestEntry(location: EvidenceLocation, key: string): Promise<ManifestEntry> {
  return readEvidence(location, key, SealedManifestRecord, (record) => {
    const { sha256: _, ...sealed } = record;
    // The key is made of all that the record says, its environment and model too.
    return manifestKey(sealed) === key ? null : 'belongs to another place';
  });
}
