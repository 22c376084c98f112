import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { JsonObject } from '../../../../core/json';
import type { ObjectStorage, StoredObject } from '../../../../local/sagemaker/object-storage';
import { type SageMakerServer, startSageMaker } from '../../../../local/sagemaker/server';
import { StateDirectory } from '../../../../local/state-directory';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

export interface Event {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: JsonObject;
  readonly Resources: readonly string[];
}

/** A started server in a folder of its own, with what stands in for the emulator. */
export class LocalSageMaker {
  readonly events: Event[] = [];
  readonly messages: string[] = [];
  /** Answer of the emulator to events: an HTTP status. */
  eventStatus = 200;
  readonly objects = new Set<string>();
  time = new Date('2026-01-01T00:00:00.000Z');
  private server: SageMakerServer | undefined;

  private constructor(
    readonly state: StateDirectory,
    private readonly emulator: Server,
  ) {}

  static async start(): Promise<LocalSageMaker> {
    const root = mkdtempSync(join(tmpdir(), 'sagemaker-'));
    const emulator = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (local.eventStatus === 200) local.events.push(...(JSON.parse(Buffer.concat(chunks).toString()) as Event[]));
        response.writeHead(local.eventStatus).end();
      });
    });
    await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
    const local: LocalSageMaker = new LocalSageMaker(new StateDirectory(join(root, 'local')), emulator);
    await local.startServer();
    return local;
  }

  async startServer(): Promise<void> {
    this.server = await this.another();
  }

  async stopServer(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  /** A further server on the same state directory. */
  another(): Promise<SageMakerServer> {
    return startSageMaker({
      port: 0,
      state: this.state,
      awsEndpoint: `http://127.0.0.1:${(this.emulator.address() as AddressInfo).port}`,
      account: ACCOUNT,
      region: REGION,
      containerEnvironment: {},
      log: (message) => this.messages.push(message),
      now: () => this.time,
      storage: this.storage,
    });
  }

  async remove(): Promise<void> {
    await this.stopServer();
    this.emulator.closeAllConnections();
    await new Promise((resolve) => this.emulator.close(resolve));
    rmSync(join(this.state.root, '..'), { recursive: true, force: true });
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.server?.port}`;
  }

  get client(): SageMakerClient {
    return new SageMakerClient(this.config);
  }

  get runtime(): SageMakerRuntimeClient {
    return new SageMakerRuntimeClient(this.config);
  }

  get autoScaling(): ApplicationAutoScalingClient {
    return new ApplicationAutoScalingClient(this.config);
  }

  /** A request as it goes over the wire. */
  async raw(target: string, body: string): Promise<{ status: number; type: string | null; json: JsonObject }> {
    const response = await fetch(this.endpoint, { method: 'POST', headers: { 'x-amz-target': target }, body });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      json: (await response.json()) as JsonObject,
    };
  }

  arn(resource: string): string {
    return `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${resource}`;
  }

  private get config() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { endpoint: this.endpoint, region: REGION, credentials, maxAttempts: 1 };
  }

  /** Knows which objects there are, and nothing of what they hold. */
  private get storage(): ObjectStorage {
    const unused = () => Promise.reject(new Error('not part of these tests'));
    return {
      list: (uri): Promise<StoredObject[]> =>
        Promise.resolve(
          [...this.objects].filter((object) => object.startsWith(uri)).map((uri) => ({ uri, size: 1, etag: 'etag' })),
        ),
      read: unused,
      write: unused,
      download: unused,
      upload: unused,
    };
  }
}

/** The smallest package that a pipeline would register. */
export const INFERENCE = {
  Containers: [{ Image: 'image:1', ModelDataUrl: 's3://models/model.tar.gz' }],
  SupportedContentTypes: ['text/csv'],
  SupportedResponseMIMETypes: ['text/csv'],
};
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/execution`;
