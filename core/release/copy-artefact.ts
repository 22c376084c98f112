import type { Answer } from './aws/api';
import { unlessMissing } from './aws/service-errors';

/** The calls of S3 that a copy takes, as the SDK's clients have them. */
export interface CopyApi {
  headObject(input: { Bucket: string; Key: string }): Answer<{ ContentLength: number; ETag: string }>;
  copyObject(input: Target & { CopySource: string }): Promise<unknown>;
  createMultipartUpload(input: Target): Answer<{ UploadId: string }>;
  uploadPartCopy(
    input: Upload & { PartNumber: number; CopySource: string; CopySourceIfMatch?: string; CopySourceRange: string },
  ): Answer<{ CopyPartResult: { readonly ETag?: string | undefined } }>;
  completeMultipartUpload(input: Upload & { MultipartUpload: { Parts: Part[] } }): Promise<unknown>;
  abortMultipartUpload(input: Upload): Promise<unknown>;
}

interface Target {
  readonly Bucket: string;
  readonly Key: string;
}

interface Upload extends Target {
  readonly UploadId: string;
}

interface Part {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

export interface CopyArtefactProps {
  /** `s3://BUCKET/KEY` */
  readonly from: string;
  readonly to: Target;
  readonly now: () => Date;
  /** No part is begun after it. @default - any time */
  readonly until?: Date;
  /** What one call copies at most. @default - the 5 GB of S3 */
  readonly largestCopyBytes?: number;
  /** Of larger objects, at least the 5 MB of S3. @default - 512 MB */
  readonly partBytes?: number;
}

const MB = 1024 ** 2;
/** Parts that S3 copies at the same time. */
const AT_ONCE = 8;

/**
 * Copies an object within S3, in parts where it is larger than one call takes. What was at the target stays until the
 * copy is whole.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 * @throws Error if there is no such object, or the time is over before all parts are begun
 */
export async function copyArtefact(
  s3: CopyApi,
  { from, to, now, until, largestCopyBytes = 5 * 1024 * MB, partBytes = 512 * MB }: CopyArtefactProps,
): Promise<void> {
  const [Bucket = '', ...key] = from.replace(/^s3:\/\//, '').split('/');
  const found = await unlessMissing(s3.headObject({ Bucket, Key: key.join('/') }));
  if (!found) throw new Error(`${from}: the artefact of a release must be there, got none; restore it`);
  const CopySource = [Bucket, ...key].map(encodeURIComponent).join('/');
  const { ContentLength: bytes = 0, ETag } = found;
  if (bytes <= largestCopyBytes) {
    await s3.copyObject({ ...to, CopySource });
    return;
  }
  const { UploadId = '' } = await s3.createMultipartUpload(to);
  const upload = { ...to, UploadId };
  try {
    const count = Math.ceil(bytes / partBytes);
    const Parts = await inOrder(count, async (index) => {
      if (until && now() >= until) {
        throw new Error(
          `${from}: must be copied in the time of the function, got ${index} of ${count} parts; use no beatsChampion for artefacts of ${bytes} bytes`,
        );
      }
      const first = index * partBytes;
      const last = Math.min(first + partBytes, bytes) - 1;
      const { CopyPartResult } = await s3.uploadPartCopy({
        ...upload,
        PartNumber: index + 1,
        CopySource,
        CopySourceRange: `bytes=${first}-${last}`,
        // Parts of two objects would be neither.
        ...(ETag !== undefined && { CopySourceIfMatch: ETag }),
      });
      return { PartNumber: index + 1, ETag: CopyPartResult?.ETag };
    });
    await s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts } });
  } catch (error) {
    // What can't be taken back now, the bucket's lifecycle does.
    await s3.abortMultipartUpload(upload).catch(() => undefined);
    throw error;
  }
}

/** @throws the first error, once nothing is under way any more: a part that ends after the abort would stay */
async function inOrder<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  const failed: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count && failed.length === 0) {
      const index = next++;
      try {
        done[index] = await work(index);
      } catch (error) {
        failed.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed.length > 0) throw failed[0];
  return done;
}
