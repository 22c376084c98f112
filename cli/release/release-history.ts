import { listKeys } from '../../core/release/aws/list-keys';
import {
  evidenceKey,
  ROLLED_BACK_LATER,
  releasePrefix,
  rolledBackKey,
  SealedRecord,
} from '../../core/release/evidence';
import { type EvidenceEntry, type EvidenceLocation, inTurn, readEvidence } from './evidence-entry';

export type HistoryEntry = EvidenceEntry<SealedRecord>;

/** Keys of the records, newest decision first. */
export async function evidenceKeys({ api, bucket, environment, model }: EvidenceLocation): Promise<string[]> {
  const prefix = `${releasePrefix(environment, model)}/`;
  const keys = await listKeys(api, bucket, prefix);
  return keys
    .map((key) => ({ key, name: RECORD.exec(key.slice(prefix.length)) }))
    .filter(({ name }) => name !== null)
    .sort((a, b) => compareNames(b.name, a.name))
    .map(({ key }) => key);
}

/** The time and the version of a decision, as {@link evidenceKey} writes them. The state beside the records isn't one. */
const RECORD = new RegExp(String.raw`^(\d{8}T\d{6}Z)-(\d+)(${ROLLED_BACK_LATER})?\.json$`);

function compareNames(a: RegExpExecArray | null, b: RegExpExecArray | null): number {
  const [, timeA = '', versionA, laterA = ''] = a ?? [];
  const [, timeB = '', versionB, laterB = ''] = b ?? [];
  return timeA.localeCompare(timeB) || Number(versionA) - Number(versionB) || laterA.localeCompare(laterB);
}

/** The records one after the other, newest decision first, read as they are asked for. */
export async function* releaseHistory(location: EvidenceLocation): AsyncGenerator<HistoryEntry> {
  yield* inTurn(await evidenceKeys(location), (key) => readEntry(location, key));
}

export function readEntry(location: EvidenceLocation, key: string): Promise<HistoryEntry> {
  const { environment, model } = location;
  return readEvidence(location, key, SealedRecord, (record) => {
    const { decision } = record;
    const belongs = record.environment === environment && record.model === model;
    const keys = [evidenceKey, rolledBackKey].map((keyOf) => keyOf(environment, model, decision));
    return belongs && keys.includes(key)
      ? null
      : `belongs to version ${decision.version} of ${record.environment}-${record.model}`;
  });
}
