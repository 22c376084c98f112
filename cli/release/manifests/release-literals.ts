import { createHash } from 'node:crypto';
import type { Release } from '../../../config/kubernetes/release';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { toModelPackage } from '../../../core/release/aws/model-packages';
import { errorMessage } from '../../../core/release/aws/service-errors';
import type { ModelVersion } from '../model-versions';
import type { ReleaseCliApi } from '../release-cli-api';

/**
 * A version as manifests have it: the image by its digest, the artefact by the SHA-256 of its archive, which no registry
 * knows and so is computed here.
 * @throws InvalidInputError if the version names no digest or no archive, or its archive is newer than the version
 */
export async function releaseLiterals(api: ReleaseCliApi, { arn, version }: ModelVersion): Promise<Release> {
  const where = `version ${version}`;
  const description = await api.sageMaker.describeModelPackage({ ModelPackageName: arn });
  const { image, imageDigest, artefact } = toModelPackage(description, arn);
  if (image === null || imageDigest === null) {
    throw new InvalidInputError(
      where,
      `an image in a manifest is named by its digest, got ${image ?? 'none'} without one`,
      'register a version whose image has one',
    );
  }
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+\.tar\.gz)$/.exec(artefact ?? '') ?? [];
  if (artefact === null || bucket === undefined || key === undefined) {
    throw new InvalidInputError(
      where,
      `has to have a model.tar.gz that pods can download, got ${artefact ?? 'none'}`,
      'register a version that has one',
    );
  }
  const { sha256, lastModified } = await digestOfObject(api, bucket, key);
  const { CreationTime: registered } = description;
  if (registered && lastModified && lastModified > registered) {
    throw new InvalidInputError(
      artefact,
      `was written before ${where} was registered, got ${lastModified.toISOString()} after ${registered.toISOString()}`,
      'find out who replaced it: what was approved is not what is there',
    );
  }
  return { version, image: withDigest(image, imageDigest), artefact: { kind: 'download', url: artefact, sha256 } };
}

async function digestOfObject(
  api: ReleaseCliApi,
  Bucket: string,
  Key: string,
): Promise<{ readonly sha256: string; readonly lastModified: Date | undefined }> {
  const hash = createHash('sha256');
  try {
    const { pieces, lastModified } = await api.s3.readObject({ Bucket, Key });
    for await (const piece of pieces) hash.update(piece);
    return { sha256: hash.digest('hex'), lastModified };
  } catch (cause) {
    throw new Error(`s3://${Bucket}/${Key}: can't be read, got ${errorMessage(cause)}; nothing was written`, { cause });
  }
}

/** `repository:tag` or `repository@digest` by this digest. A port has a colon as well, and a slash after it. */
function withDigest(image: string, digest: string): string {
  return `${image.replace(/@.*$/, '').replace(/:[^:/]*$/, '')}@${digest}`;
}
