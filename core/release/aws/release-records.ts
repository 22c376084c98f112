import { z } from 'zod';
import { SealedRecord, stateKey } from '../evidence';
import type { ReleasePorts, ReleaseStateStore } from '../ports';
import { ReleaseState } from '../release-state';
import type { S3Api } from './api';
import { isLostRace, isMissing, unlessMissing } from './service-errors';

/**
 * The state of a release as one object of the evidence bucket. S3 replaces it only if it is still the one that was read
 * (conditional writes), and keeps every earlier version under lock.
 */
export function releaseStateStore(s3: S3Api, bucket: string, environment: string, model: string): ReleaseStateStore {
  const Key = stateKey(environment, model);
  return {
    load: async () => {
      const object = await unlessMissing(s3.getObject({ Bucket: bucket, Key }));
      if (!object) return undefined;
      const state = parseObject(ReleaseState, (await object.Body?.transformToString()) ?? '', `s3://${bucket}/${Key}`);
      return { state, tag: object.ETag ?? '' };
    },
    replace: (state, tag) =>
      putIf(s3, {
        Bucket: bucket,
        Key,
        Body: JSON.stringify(state, null, 1),
        ...(tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag }),
      }),
  };
}

/** Evidence, each record written once. */
export function evidenceStore(s3: S3Api, bucket: string): ReleasePorts['evidence'] {
  const keepOnce = async (Key: string, record: object): Promise<void> => {
    await putIf(s3, { Bucket: bucket, Key, Body: JSON.stringify(record, null, 1), IfNoneMatch: '*' });
  };
  return {
    keep: async (key, record) => {
      const body = JSON.stringify(record, null, 1);
      if (await putIf(s3, { Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*' })) return record;
      return readRecord(s3, bucket, key);
    },
    keepVariant: keepOnce,
    keepManifest: keepOnce,
  };
}

/** @throws Error if it isn't a record of ours */
export async function readRecord(s3: S3Api, bucket: string, key: string): Promise<SealedRecord> {
  const object = await s3.getObject({ Bucket: bucket, Key: key });
  return parseObject(SealedRecord, (await object.Body?.transformToString()) ?? '', `s3://${bucket}/${key}`);
}

/** @returns whether the condition held */
export async function putIf(
  s3: S3Api,
  request: Omit<Parameters<S3Api['putObject']>[0], 'ContentType'>,
): Promise<boolean> {
  try {
    await s3.putObject({ ...request, ContentType: 'application/json' });
    return true;
  } catch (error) {
    // With If-Match, an object that was deleted meanwhile is "not found".
    if (isLostRace(error) || (request.IfMatch !== undefined && isMissing(error))) return false;
    throw error;
  }
}

/** @throws Error if it isn't an object of ours */
export function parseObject<S extends z.ZodType>(schema: S, text: string, where: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${where}: must be JSON, got ${JSON.stringify(text.slice(0, 40))}; restore an earlier version of the object`,
      { cause },
    );
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new Error(
    `${where}: is not a record of this version, got ${z.prettifyError(result.error)}; restore an earlier version of the object`,
  );
}
