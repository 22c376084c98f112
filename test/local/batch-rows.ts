import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { models } from '../../config/models';
import { latestExecutionWith } from '../../local/loop/execution';
import { readSample } from '../../local/loop/outputs';
import { Target } from '../../local/loop/target';

/** Held-out rows of flight-delay as an object in S3, and the answers that a batch left. */
export class BatchRows {
  private readonly target: Target;

  /** @param endpoint `http://localhost:PORT` of the emulator */
  constructor(
    endpoint: string,
    private readonly bucket: string,
  ) {
    const model = { model: 'flight-delay', spec: models['flight-delay'] };
    this.target = new Target(endpoint, { environment: 'local', region: 'us-east-1', ...model });
  }

  /** @returns how many rows there are */
  async put(key: string): Promise<number> {
    const execution = await latestExecutionWith(this.target, 'Prepare');
    if (!execution) throw new Error('no execution prepared data');
    const { instances } = await readSample(this.target, execution);
    const columns = Object.keys(instances[0] ?? {});
    const lines = instances.map((row) => columns.map((column) => row[column] ?? '').join(','));
    const Body = [columns.join(','), ...lines].join('\n');
    await this.target.clients.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body }));
    return instances.length;
  }

  /** The lines of the one object below a prefix. */
  async lines(prefix: string): Promise<readonly string[]> {
    const { s3 } = this.target.clients;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix }));
    if (Contents.length !== 1) throw new Error(`${prefix}: must hold one object, got ${Contents.length}`);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: Contents[0]?.Key }));
    return (await Body?.transformToString())?.trim().split('\n') ?? [];
  }
}
