import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { InvalidInputError } from '../../../core/invalid-input-error';
import type { ObjectStorage, StoredObject } from '../object-storage';
import { forEachLimited } from './for-each-limited';
import { parseS3Uri } from './s3-uri';

/** Objects that are copied at the same time. */
const PARALLEL = 8;

/** Up to here an object is sent in one piece: as a stream it goes in chunks, each with a checksum, and takes longer. */
const SMALL_BYTES = 256 * 1024;

/** S3 by the SDK. Objects go between the wire and the disk without being held in memory, but for small ones. */
export class S3ObjectStorage implements ObjectStorage {
  constructor(private readonly client: S3Client) {}

  async list(uri: string): Promise<readonly StoredObject[]> {
    const { bucket, key } = parseS3Uri(uri);
    const objects: StoredObject[] = [];
    try {
      const pages = paginateListObjectsV2({ client: this.client }, { Bucket: bucket, Prefix: key });
      for await (const { Contents = [] } of pages)
        for (const { Key = '', Size = 0, ETag = '' } of Contents)
          objects.push({ uri: `s3://${bucket}/${Key}`, size: Size, etag: ETag.replaceAll('"', '') });
    } catch (cause) {
      throw explain(uri, cause);
    }
    return objects;
  }

  async read(uri: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.open(uri)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  async write(uri: string, body: Buffer | string, contentType?: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    await this.put(uri, { Bucket: bucket, Key: key, Body: body, ContentType: contentType });
  }

  async download(uri: string, directory: string): Promise<number> {
    // A key that ends with a slash stands for a folder, as consoles make it.
    const objects = (await this.list(uri)).filter((object) => !object.uri.endsWith('/'));
    const root = resolve(directory);
    await forEachLimited(objects, PARALLEL, async (object) => {
      const file = resolve(root, pathAfter(uri, object.uri));
      if (!file.startsWith(root + sep))
        throw new InvalidInputError(object.uri, `leads out of ${root}, got ${file}`, 'rename the object');
      await mkdir(dirname(file), { recursive: true });
      if (object.size <= SMALL_BYTES) await writeFile(file, await this.read(object.uri));
      else await pipeline(await this.open(object.uri), createWriteStream(file));
    });
    return objects.length;
  }

  async upload(directory: string, uri: string): Promise<number> {
    const { bucket, key } = parseS3Uri(uri);
    const files = await filesBelow(directory);
    await forEachLimited(files, PARALLEL, async (file) => {
      const path = relative(directory, file).split(sep).join('/');
      const { size } = await stat(file);
      await this.put(uri, {
        Bucket: bucket,
        Key: key === '' ? path : `${key.replace(/\/$/, '')}/${path}`,
        ...(size <= SMALL_BYTES
          ? { Body: await readFile(file) }
          : { Body: createReadStream(file), ContentLength: size }),
      });
    });
    return files.length;
  }

  private async put(uri: string, input: PutObjectCommandInput): Promise<void> {
    try {
      await this.client.send(new PutObjectCommand(input));
    } catch (cause) {
      throw explain(uri, cause);
    }
  }

  private async open(uri: string): Promise<Readable> {
    const { bucket, key } = parseS3Uri(uri);
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body as Readable;
    } catch (cause) {
      throw explain(uri, cause);
    }
  }
}

/** Turns what the caller can mend into an error that says so. */
function explain(uri: string, cause: unknown): unknown {
  switch ((cause as Error).name) {
    case 'NoSuchKey':
      return new InvalidInputError(uri, 'there is no such object', 'check the bucket and the key', { cause });
    case 'NoSuchBucket':
      return new InvalidInputError(uri, 'there is no such bucket', 'create it or correct its name', { cause });
    default:
      return cause;
  }
}

/** The rest of an object's key after the prefix; the last part of it if the prefix is the whole key. */
function pathAfter(prefix: string, uri: string): string {
  if (uri === prefix) return basename(uri);
  return uri.slice(prefix.length).replace(/^\/+/, '');
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
