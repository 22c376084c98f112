import { createHash } from 'node:crypto';
import type { ObjectStorage, StoredObject } from '../../../../../local/sagemaker/object-storage';

/** S3 as a map from URI to content. */
export class FakeStorage implements ObjectStorage {
  readonly objects = new Map<string, Buffer>();
  reads = 0;

  async list(uri: string): Promise<readonly StoredObject[]> {
    return [...this.objects]
      .filter(([key]) => key.startsWith(uri))
      .map(([key, body]) => ({ uri: key, size: body.length, etag: createHash('md5').update(body).digest('hex') }));
  }

  async read(uri: string): Promise<Buffer> {
    this.reads += 1;
    const body = this.objects.get(uri);
    if (!body) throw new Error(`NoSuchKey: ${uri}`);
    return body;
  }

  async write(uri: string, body: Buffer | string): Promise<void> {
    this.objects.set(uri, Buffer.from(body));
  }

  download(): Promise<number> {
    throw new Error('not used here');
  }

  upload(): Promise<number> {
    throw new Error('not used here');
  }
}
