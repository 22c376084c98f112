import type { z } from 'zod';
import { isIntact } from '../../core/release/seal';
import type { ReleaseCliApi } from './release-cli-api';

export interface EvidenceLocation {
  readonly api: Pick<ReleaseCliApi, 's3'>;
  readonly bucket: string;
  readonly environment: string;
  readonly model: string;
}

/** One place in the evidence bucket, and what was found there. */
export interface EvidenceEntry<R> {
  readonly key: string;
  /** Undefined if it can't be read as a record. */
  readonly record: R | undefined;
  /** Why it can't be trusted. Null if it is what was sealed, in the place where it belongs. */
  readonly fault: string | null;
}

/** At once: S3 takes thousands, a laptop's sockets don't. */
const BATCH = 16;

/**
 * Reads a sealed record, and whether it can be trusted.
 * @param faultOf why a record that is what was sealed isn't where it belongs; null if it is
 */
export async function readEvidence<R extends { readonly sha256: string }>(
  { api, bucket }: EvidenceLocation,
  key: string,
  schema: z.ZodType<R>,
  faultOf: (record: R) => string | null,
): Promise<EvidenceEntry<R>> {
  const object = await api.s3.getObject({ Bucket: bucket, Key: key });
  const record = parseRecord((await object.Body?.transformToString()) ?? '', schema);
  if (!record) return { key, record, fault: 'is not a record that this version can read' };
  if (!isIntact({ ...record })) return { key, record, fault: 'was changed after it was sealed' };
  return { key, record, fault: faultOf(record) };
}

/** The entries of the keys one after the other, read as they are asked for, some at a time. */
export async function* inTurn<R>(
  keys: readonly string[],
  read: (key: string) => Promise<EvidenceEntry<R>>,
): AsyncGenerator<EvidenceEntry<R>> {
  for (let start = 0; start < keys.length; start += BATCH) {
    yield* await Promise.all(keys.slice(start, start + BATCH).map(read));
  }
}

function parseRecord<R>(text: string, schema: z.ZodType<R>): R | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
