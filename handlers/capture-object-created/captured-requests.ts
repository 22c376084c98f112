import { capturedPredictions } from '../../core/guards/captured-predictions';
import type { RequestPredictions } from '../../core/guards/prediction-shift';
import type { CaptureApi } from './capture-api';

/** Requests that are compared at most: more would take longer and say little more. */
export const MOST_REQUESTS = 2_000;
/** The same of files, for an endpoint whose files are small. */
const MOST_FILES = 100;
/** Of a file; a line that it cuts off is left out. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Files that are read at a time. */
const AT_A_TIME = 8;
const HOUR_MS = 3_600_000;

export interface CapturePlace {
  /** DestinationS3Uri of a DataCaptureConfig. */
  readonly uri: string;
  readonly endpointName: string;
  readonly variantName: string;
}

/** What was read of files, by bucket and key: captured files never change, and a function is called again soon. */
export type FileCache = Map<string, readonly RequestPredictions[]>;

/**
 * The newest requests that one release has answered, newest files first, from the files that were written in a time.
 * Files lie by the hour below `URI/ENDPOINT/VARIANT/yyyy/mm/dd/hh/`.
 */
export async function capturedRequests(
  api: Pick<CaptureApi, 'listObjects' | 'getObject'>,
  cache: FileCache,
  place: CapturePlace,
  [from, to]: readonly [from: Date, to: Date],
): Promise<RequestPredictions[]> {
  const { Bucket, prefix } = locate(place);
  const requests: RequestPredictions[] = [];
  let files = 0;
  // What is captured shortly before the hour is written after it.
  for (let hour = to.getTime(); hour > from.getTime() - 2 * HOUR_MS; hour -= HOUR_MS) {
    const keys = await keysOf(api, Bucket, `${prefix}/${hourFolder(new Date(hour))}/`, from);
    for (let start = 0; start < keys.length; start += AT_A_TIME) {
      const read = await Promise.all(
        keys.slice(start, start + AT_A_TIME).map((key) => requestsOf(api, cache, Bucket, key)),
      );
      requests.push(...read.flat());
      files += read.length;
      if (requests.length >= MOST_REQUESTS || files >= MOST_FILES) return requests.slice(0, MOST_REQUESTS);
    }
  }
  return requests;
}

async function requestsOf(
  api: Pick<CaptureApi, 'getObject'>,
  cache: FileCache,
  Bucket: string,
  Key: string,
): Promise<readonly RequestPredictions[]> {
  const name = `${Bucket}/${Key}`;
  const known = cache.get(name);
  if (known) return known;
  const requests = capturedPredictions(await api.getObject({ Bucket, Key, Range: `bytes=0-${MOST_BYTES - 1}` }));
  cache.set(name, requests);
  return requests;
}

/** Newest first: the names of files begin with the minute and the second. */
async function keysOf(
  api: Pick<CaptureApi, 'listObjects'>,
  Bucket: string,
  Prefix: string,
  from: Date,
): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await api.listObjects({
      Bucket,
      Prefix,
      ...(ContinuationToken !== undefined && { ContinuationToken }),
    });
    for (const { Key, LastModified } of page.Contents ?? []) {
      if (Key !== undefined && (LastModified ?? from) >= from) keys.push(Key);
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys.sort((a, b) => (a < b ? 1 : -1));
}

function locate({ uri, endpointName, variantName }: CapturePlace): { Bucket: string; prefix: string } {
  const { host, pathname } = new URL(uri);
  const folders = pathname.split('/').filter(Boolean);
  return { Bucket: host, prefix: [...folders, endpointName, variantName].join('/') };
}

function hourFolder(time: Date): string {
  // 2026-01-02T03:… becomes 2026/01/02/03.
  return time.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
}
