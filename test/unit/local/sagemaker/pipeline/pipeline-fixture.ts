import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as sageMakerSchemas from '@aws-sdk/client-sagemaker';
import type { JsonObject } from '../../../../../core/json';
import type { ForkServers } from '../../../../../local/container/fork-servers';
import { ImageStore } from '../../../../../local/container/image';
import { Dispatcher } from '../../../../../local/sagemaker/api/dispatcher';
import { ServiceModel } from '../../../../../local/sagemaker/api/service-model';
import type { Context } from '../../../../../local/sagemaker/context';
import type { JobOptions } from '../../../../../local/sagemaker/job/create-jobs';
import { text } from '../../../../../local/sagemaker/job/text';
import { modelOperations } from '../../../../../local/sagemaker/model/model-operations';
import type { Operations } from '../../../../../local/sagemaker/operation';
import { createPipelineService } from '../../../../../local/sagemaker/pipeline/pipeline-service';
import { modelPackageGroupOperations } from '../../../../../local/sagemaker/registry/model-package-group-operations';
import { modelPackageOperations } from '../../../../../local/sagemaker/registry/model-package-operations';
import type { RunningPart } from '../../../../../local/sagemaker/running-part';
import { Collection, Journal, Store } from '../../../../../local/sagemaker/store';
import { tagOnCreation } from '../../../../../local/sagemaker/tags/tag-on-creation';
import { tagOperations } from '../../../../../local/sagemaker/tags/tag-operations';
import { DirectoryStorage } from './directory-storage';

export const IMAGE = '000000000000.dkr.ecr.us-east-1.amazonaws.com/ml:1';
export const ROLE = 'arn:aws:iam::000000000000:role/pipeline';
const MODEL = new ServiceModel('SageMaker', 'SageMaker', sageMakerSchemas);

export interface PublishedEvent {
  readonly 'detail-type': string;
  readonly detail: JsonObject;
}

/** Our SageMaker without its server, on a folder of its own, with an image whose programs a test writes. */
export class PipelineFixture {
  readonly messages: string[] = [];
  readonly events: PublishedEvent[] = [];
  readonly storage: DirectoryStorage;
  /** Moved on by tests that need another time; otherwise the clock of the machine. */
  laterMs = 0;
  /** How long it waits for what has to come true: less than its test may take, on a machine that is very busy. */
  patienceMs = 90_000;
  /** Starts processes of jobs. @default - each is started anew */
  forkServers: ForkServers | undefined;
  private dead = false;
  private part: RunningPart | undefined;
  private dispatcher: Dispatcher | undefined;

  constructor(
    readonly root: string = mkdtempSync(join(tmpdir(), 'pipeline-')),
    private readonly options: JobOptions = { stopGraceSeconds: 1 },
  ) {
    this.storage = new DirectoryStorage(join(root, 's3'));
    this.program('README', '');
    const image = {
      tag: '1',
      program: join(root, 'program'),
      interpreter: python(),
      environment: { FROM_IMAGE: 'yes' },
    };
    mkdirSync(join(root, 'images'), { recursive: true });
    writeFileSync(join(root, 'images', '1.json'), JSON.stringify(image));
  }

  /** Starts what a server starts. */
  async start(): Promise<this> {
    const context = this.context;
    const call = (action: string, input: JsonObject) => dispatcher.call(action, input);
    const part = createPipelineService(context, call, this.options);
    const operations = tagOnCreation(
      context.store,
      Object.assign(
        {},
        part.operations,
        modelOperations(context),
        modelPackageGroupOperations(context),
        modelPackageOperations(context),
        tagOperations(context, call),
      ) as Operations,
    );
    const dispatcher: Dispatcher = new Dispatcher(MODEL, () => operations, context.log);
    this.dispatcher = dispatcher;
    this.part = part;
    await part.resume();
    return this;
  }

  async close(): Promise<void> {
    await this.part?.close();
    this.part = undefined;
  }

  /** From now on nothing that this server does reaches the disk, as after kill -9. Its processes run on. */
  kill(): void {
    this.dead = true;
    this.part = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  get context(): Context {
    return {
      account: '000000000000',
      region: 'us-east-1',
      store: new MortalStore(join(this.root, 'sagemaker'), () => !this.dead),
      storage: this.storage,
      images: new ImageStore(join(this.root, 'images')),
      events: {
        publish: (event) => {
          this.events.push(event);
          return Promise.resolve();
        },
      },
      log: (message) => this.messages.push(message),
      now: () => new Date(Date.now() + this.laterMs),
      forkServers: this.forkServers,
      containerEnvironment: { PATH: '/usr/local/bin:/usr/bin:/bin', FROM_MACHINE: 'yes' },
    };
  }

  /** An answer in the form of the wire; what doesn't fit the SDK's shapes fails the test. */
  async answer(action: string, input: JsonObject): Promise<JsonObject> {
    const before = this.messages.length;
    const output = await this.dispatcher?.answer(action, input);
    const flaws = this.messages.slice(before).filter((message) => message.startsWith(`${action}: response`));
    if (flaws.length > 0) throw new Error(flaws.join('\n'));
    return output ?? {};
  }

  /** An answer with times as ISO strings. */
  async call(action: string, input: JsonObject): Promise<JsonObject> {
    return (await this.dispatcher?.call(action, input)) ?? {};
  }

  /** Writes a file of the image. */
  program(path: string, text: string): void {
    const file = join(this.root, 'program', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (path.startsWith('bin/')) chmodSync(file, 0o755);
  }

  put(uri: string, text: string | Buffer): Promise<void> {
    return this.storage.write(uri, text);
  }

  async text(uri: string): Promise<string> {
    return (await this.storage.read(uri)).toString();
  }

  exists(uri: string): boolean {
    return existsSync(join(this.root, 's3', uri.slice('s3://'.length)));
  }

  log(jobName: string): string {
    return readFileSync(join(this.root, 'sagemaker', 'jobs', jobName, 'output.log'), 'utf8');
  }

  /** Polls a description until its status is one of the last ones. */
  async ended(action: string, input: JsonObject, member: string): Promise<JsonObject> {
    return this.until(async () => {
      const answer = await this.answer(action, input);
      return ['Completed', 'Succeeded', 'Failed', 'Stopped'].includes(text(answer[member])) ? answer : undefined;
    });
  }

  async until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`never came true: ${look.toString()}\n${this.messages.join('\n')}`);
      await delay(5);
    }
  }
}

/** A store whose server may be dead, which then writes nothing. */
class MortalStore extends Store {
  constructor(
    root: string,
    private readonly isAlive: () => boolean,
  ) {
    super(root);
  }

  override collection<T extends object>(kind: string): Collection<T> {
    return new MortalCollection<T>(join(this.root, kind), this.isAlive);
  }

  override journal<T extends object>(kind: string): Journal<T> {
    return new MortalJournal<T>(join(this.root, kind), this.isAlive);
  }
}

class MortalJournal<T extends object> extends Journal<T> {
  constructor(
    directory: string,
    private readonly isAlive: () => boolean,
  ) {
    super(directory);
  }

  override append(name: string, entries: readonly T[]): void {
    if (this.isAlive()) super.append(name, entries);
  }

  override delete(name: string): void {
    if (this.isAlive()) super.delete(name);
  }
}

class MortalCollection<T extends object> extends Collection<T> {
  constructor(
    directory: string,
    private readonly isAlive: () => boolean,
  ) {
    super(directory);
  }

  override put(name: string, record: T): void {
    if (this.isAlive()) super.put(name, record);
  }

  override delete(name: string): void {
    if (this.isAlive()) super.delete(name);
  }
}

let interpreter: string | undefined;

function python(): string {
  interpreter ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return interpreter;
}
