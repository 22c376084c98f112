import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { ObjectStorage, StoredObject } from '../../../../../local/sagemaker/object-storage';

/** S3 in a folder: `s3://bucket/key` is the file `bucket/key`. */
export class DirectoryStorage implements ObjectStorage {
  /** Failures to come, one for each use that is to fail: errors, or the messages of some. */
  readonly failures: (Error | string)[] = [];
  /** URIs that were downloaded. */
  readonly downloads: string[] = [];

  constructor(private readonly root: string) {}

  async list(uri: string): Promise<StoredObject[]> {
    this.maybeFail();
    const wanted = this.file(uri);
    return filesBelow(this.root)
      .filter((file) => file.startsWith(wanted))
      .sort((a, b) => (a < b ? -1 : 1))
      .map((file) => {
        const body = readFileSync(file);
        return {
          uri: `s3://${relative(this.root, file)}`,
          size: body.length,
          etag: createHash('md5').update(body).digest('hex'),
        };
      });
  }

  async read(uri: string): Promise<Buffer> {
    this.maybeFail();
    return readFileSync(this.file(uri));
  }

  async write(uri: string, body: Buffer | string): Promise<void> {
    this.maybeFail();
    mkdirSync(dirname(this.file(uri)), { recursive: true });
    writeFileSync(this.file(uri), body);
  }

  async download(uri: string, directory: string): Promise<number> {
    this.downloads.push(uri);
    const objects = await this.list(uri);
    for (const object of objects) {
      const path = object.uri === uri ? basename(uri) : object.uri.slice(uri.length).replace(/^\//, '');
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      cpSync(this.file(object.uri), join(directory, path));
    }
    return objects.length;
  }

  async upload(directory: string, uri: string): Promise<number> {
    this.maybeFail();
    const files = filesBelow(directory);
    for (const file of files) await this.write(`${uri}/${relative(directory, file)}`, readFileSync(file));
    return files.length;
  }

  private maybeFail(): void {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure instanceof Error ? failure : new Error(failure);
  }

  private file(uri: string): string {
    return join(this.root, uri.slice('s3://'.length));
  }
}

function filesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
