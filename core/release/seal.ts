import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json';

/** SHA-256 over a record's canonical JSON, in hex. */
export const RecordSha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A record with its hash. */
export function seal<R extends object>(record: R): R & { sha256: string } {
  return { ...record, sha256: sha256Of(record) };
}

/** Whether the record is what was sealed. */
export function isIntact({
  sha256,
  ...record
}: {
  readonly sha256: string;
  readonly [field: string]: unknown;
}): boolean {
  return sha256Of(record) === sha256;
}

/** What {@link seal} adds. */
export function sha256Of(record: object): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex');
}
