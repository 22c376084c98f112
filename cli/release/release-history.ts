import {
  evidenceKey,
  ROLLED_BACK_LATER,
  releasePrefix,
  rolledBackKey,
  SealedRecord,
} from '../../core/release/evidence';
import { isIntact } from '../../core/release/seal';
import { listKeys } from './list-keys';
import type { ReleaseCliApi } from './release-cli-api';

/** One place in the evidence bucket, and what was found there. */
export interface HistoryEntry {
  readonly key: string;
  /** Undefined if it can't be read as a record. */
  readonly record: SealedRecord | undefined;
  /** Why it can't be trusted. Null if it is what was sealed, in the place where it belongs. */
  readonly fault: string | null;
}

export interface EvidenceLocation {
  readonly api: Pick<ReleaseCliApi, 's3'>;
  readonly bucket: string;
  readonly environment: string;
  readonly model: string;
}

/** At once: S3 takes thousands, a laptop's sockets don't. */
const BATCH = 16;

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
  const keys = await evidenceKeys(location);
  for (let start = 0; start < keys.length; start += BATCH) {
    yield* await Promise.all(keys.slice(start, start + BATCH).map((key) => readEntry(location, key)));
  }
}

export async function readEntry(location: EvidenceLocation, key: string): Promise<HistoryEntry> {
  const { api, bucket, environment, model } = location;
  const object = await api.s3.getObject({ Bucket: bucket, Key: key });
  const record = parseRecord((await object.Body?.transformToString()) ?? '');
  if (!record) return { key, record, fault: 'is not a record that this version can read' };
  if (!isIntact(record)) return { key, record, fault: 'was changed after it was sealed' };
  const { decision } = record;
  const belongs = record.environment === environment && record.model === model;
  const keys = [evidenceKey, rolledBackKey].map((keyOf) => keyOf(environment, model, decision));
  return belongs && keys.includes(key)
    ? { key, record, fault: null }
    : { key, record, fault: `belongs to version ${decision.version} of ${record.environment}-${record.model}` };
}

function parseRecord(text: string): SealedRecord | undefined {
  try {
    return SealedRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
