import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Say } from './progress';
import type { Target } from './target';

export interface Uploaded {
  readonly files: number;
  /** Files that the bucket already held with the same content. */
  readonly unchanged: number;
  readonly megabytes: number;
}

/**
 * Puts the model's source data, as a Python package ships it, into the raw bucket below the model's name.
 * @param python virtual environment whose site-packages hold the package
 */
export async function uploadData(target: Target, python: string, say: Say): Promise<Uploaded> {
  const { model, spec } = target.props;
  const bucket = await target.bucket('RawBucketName');
  const folder = packageFolder(python, spec.data.source.package);
  let unchanged = 0;
  let bytes = 0;
  for (const file of spec.data.source.files) {
    const path = join(folder, file);
    if (!existsSync(path)) {
      throw new InvalidInputError(
        `config/models.ts: ${model}.data.source.files`,
        `the package ${spec.data.source.package} holds no such file, got ${file}`,
        `look into ${folder}`,
      );
    }
    const body = readFileSync(path);
    bytes += body.length;
    const key = `${model}/${basename(file)}`;
    if (await holds(target, bucket, key, body)) {
      unchanged += 1;
      continue;
    }
    say(`${basename(file)}, ${(body.length / 1e6).toFixed(1)} MB`);
    await target.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }
  return { files: spec.data.source.files.length, unchanged, megabytes: bytes / 1e6 };
}

async function holds(target: Target, Bucket: string, Key: string, body: Buffer): Promise<boolean> {
  const md5 = createHash('md5').update(body).digest('hex');
  return target.clients.s3.send(new HeadObjectCommand({ Bucket, Key })).then(
    ({ ETag }) => ETag === `"${md5}"`,
    () => false,
  );
}

function packageFolder(python: string, name: string): string {
  const lib = join(python, 'lib');
  const version = readdirSync(lib).find((entry) => entry.startsWith('python3.'));
  return join(lib, version ?? 'python3', 'site-packages', name);
}
