import { InvalidInputError } from '../../../core/invalid-input-error';

export interface S3Uri {
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
}

/** @throws InvalidInputError unless it reads `s3://bucket` or `s3://bucket/key` */
export function parseS3Uri(uri: string): S3Uri {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined) throw new InvalidInputError('S3 URI', `must be s3://bucket/key, got ${uri}`, 'correct it');
  return { bucket, key };
}
