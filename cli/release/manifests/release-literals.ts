import { createHash } from 'node:crypto';
import type { Release } from '../../../config/kubernetes/release';
import type { RuntimeName } from '../../../config/kubernetes/runtimes';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { PIPELINE_EXECUTION, TRAINING_IMAGE } from '../../../core/names';
import { toModelPackage } from '../../../core/release/aws/model-packages';
import { errorMessage } from '../../../core/release/aws/service-errors';
import type { ModelPackage } from '../../../core/release/ports';
import type { Chosen } from '../../model-argument';
import type { ModelVersion } from '../model-versions';
import type { ReleaseCliApi } from '../release-cli-api';

/** Which of them answers, `MODEL_SERVER` says, and the manifests set it. */
const IN_FRAMEWORK_IMAGES: readonly RuntimeName[] = ['python', 'fastapi', 'flask', 'django'];

/**
 * A version as manifests have it: the image by its digest, the artefact by the SHA-256 of its archive, which no registry
 * knows and so is computed here.
 * @throws InvalidInputError if the version names no digest or no archive, its image is of another server than the model's
 *   pods expect, or its archive is newer than the version
 */
export async function releaseLiterals(
  api: ReleaseCliApi,
  { arn, version }: ModelVersion,
  { model, spec }: Pick<Chosen, 'model' | 'spec'>,
): Promise<Release> {
  const where = `version ${version}`;
  const description = await api.sageMaker.describeModelPackage({ ModelPackageName: arn });
  const found = toModelPackage(description, arn);
  const { image, imageDigest, artefact } = found;
  if (image === null || imageDigest === null) {
    throw new InvalidInputError(
      where,
      `an image in a manifest is named by its digest, got ${image ?? 'none'} without one`,
      'register a version whose image has one',
    );
  }
  requireServer(where, found, model, spec);
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

/**
 * Whether the image has the server that the pods are written for: its ports, probes and metrics. Only of our own pipelines'
 * images it is known which that is.
 */
function requireServer(
  where: string,
  { image, metadata }: Pick<ModelPackage, 'image' | 'metadata'>,
  model: string,
  { kubernetes }: Pick<Chosen['spec'], 'kubernetes'>,
): void {
  if (!kubernetes || !(PIPELINE_EXECUTION in metadata)) return;
  const { runtime } = kubernetes;
  const training = metadata[TRAINING_IMAGE];
  // A version has the two only where its ONNX form was proved.
  const isOnnx = training !== undefined && training !== image;
  if (isOnnx ? runtime === 'onnx' : IN_FRAMEWORK_IMAGES.includes(runtime)) return;
  throw new InvalidInputError(
    where,
    `its image has ${isOnnx ? 'the server onnx' : `the servers ${IN_FRAMEWORK_IMAGES.join(', ')}`}, got the runtime ${runtime} of ${model}`,
    isOnnx
      ? `set kubernetes.runtime of ${model} to onnx in config/models.ts, or promote a version with a Python server`
      : `set kubernetes.runtime of ${model} to one of them in config/models.ts, or promote a version with another image`,
  );
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
