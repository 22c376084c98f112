import { posix } from 'node:path';
import type { JsonObject } from '../../../core/json';
import { without } from '../api/without';
import type { Context } from '../context';
import { findModel } from '../model/find-model';
import { resolveContainer } from '../model/resolve-container';
import { startModelServer } from '../model-server/model-server';
import type { StoredObject } from '../object-storage';
import type { Call } from '../operation';
import { JobError } from './job-error';
import type { Job, JobEnd, JobRunner } from './job-runner';
import { throwIfClosing } from './run-command';
import { text } from './text';
import { answersByRecord } from './transform/answers';
import { dataProcessing, dataProcessingFaults } from './transform/data-processing';
import { assemble, payloadsOf } from './transform/payloads';
import { recordsOf } from './transform/records';
import {
  payloadFault,
  type TransformRequest,
  type TransformSettings,
  transformSettings,
} from './transform/transform-settings';

const BYTES_PER_MB = 2 ** 20;
const DEFAULT_TIMEOUT_SECONDS = 600;
const ANSWER_CHARACTERS = 500;

/**
 * Runs batch transform jobs: a model server for the time of the job, and every object below the input prefix sent to it.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
 */
export class TransformJobRunner implements JobRunner<TransformRequest> {
  readonly noun = 'TransformJob';

  constructor(
    private readonly context: Context,
    private readonly call: Call,
  ) {}

  /** @throws ServiceError ValidationException if there is no such model */
  faults(request: TransformRequest): string[] {
    findModel(this.context, text(request.ModelName));
    const fault = payloadFault(request);
    return [...(fault === undefined ? [] : [fault]), ...dataProcessingFaults(request)].map(
      (message) => `${request.TransformJobName}: ${message}`,
    );
  }

  describe(request: TransformRequest): JsonObject {
    return without(request, 'Tags');
  }

  async run(job: Job<TransformRequest>): Promise<JobEnd> {
    const { request, directory, signal } = job;
    const input = request.TransformInput?.DataSource?.S3DataSource?.S3Uri ?? '';
    // A key that ends with a slash stands for a folder.
    const objects = (await this.context.storage.list(input)).filter(({ uri }) => !uri.endsWith('/'));
    if (objects.length === 0) throw new JobError('ClientError', `TransformInput: nothing is stored under ${input}`);
    const server = await this.startServer(job);
    try {
      job.update({ TransformStartTime: this.context.now().toISOString() });
      const settings = await transformSettings(request, server.url);
      await this.transformAll(job, server.url, settings, objects);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await server.stop();
    }
    throwIfClosing(signal);
    if (signal.aborted) return { status: 'Stopped', members: {} };
    this.context.log(`${job.name}: transformed ${objects.length} objects; log ${directory.log}`);
    return { status: 'Completed', members: {} };
  }

  private async startServer({ request, directory, signal }: Job<TransformRequest>) {
    const container = await resolveContainer(this.call, text(request.ModelName));
    return startModelServer({
      context: this.context,
      container: {
        ...container,
        environment: {
          ...container.environment,
          ...batchEnvironment(request),
          ...request.Environment,
        },
      },
      directory: directory.root,
      signal,
    });
  }

  /**
   * An object that fails has no output, and the job fails with it once all the others are done.
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TransformOutput.html
   */
  private async transformAll(
    job: Job<TransformRequest>,
    server: string,
    settings: TransformSettings,
    objects: readonly StoredObject[],
  ): Promise<void> {
    const failures: JobError[] = [];
    for (const { uri } of objects)
      try {
        await this.transform(job, server, settings, uri);
      } catch (error) {
        if (!(error instanceof JobError) || job.signal.aborted) throw error;
        this.context.log(`${job.name}: ${error.message}`);
        failures.push(error);
      }
    const [first] = failures;
    if (first) throw first;
  }

  private async transform(
    { request, signal }: Job<TransformRequest>,
    server: string,
    settings: TransformSettings,
    uri: string,
  ): Promise<void> {
    const { TransformInput, TransformOutput } = request;
    const { strategy, maxPayloadInMB } = settings;
    const processing = dataProcessing(request);
    const alone = strategy === 'SingleRecord';
    const records = recordsOf(await this.context.storage.read(uri), uri, TransformInput?.SplitType ?? 'None', alone);
    const filtered = records.map((record) => processing.filterInput(record));
    // 0 lets a payload have any size.
    const maxPayloadBytes = maxPayloadInMB === 0 ? Infinity : maxPayloadInMB * BYTES_PER_MB;
    const payloads = payloadsOf(filtered, uri, { strategy, maxPayloadBytes });
    const answers: Buffer[] = [];
    let next = 0;
    const send = async () => {
      while (next < payloads.length) {
        const index = next++;
        answers[index] = await invoke(server, payloads[index]?.body ?? Buffer.alloc(0), request, uri, signal);
      }
    };
    await Promise.all(Array.from({ length: Math.min(settings.concurrency, payloads.length) }, send));
    const results = processing.changesOutput
      ? answersByRecord(payloads, answers, uri).map((answer, index) =>
          processing.output(records[index] ?? Buffer.alloc(0), answer),
        )
      : answers;
    await this.context.storage.write(
      outputUri(request, uri),
      assemble(results, TransformOutput?.AssembleWith === 'Line' ? 'Line' : 'None'),
      TransformOutput?.Accept,
    );
  }
}

/** What the request leaves open is left to the model server. */
function batchEnvironment({ MaxPayloadInMB, BatchStrategy, MaxConcurrentTransforms }: TransformRequest) {
  return {
    SAGEMAKER_BATCH: 'true',
    ...(MaxPayloadInMB !== undefined && { SAGEMAKER_MAX_PAYLOAD_IN_MB: String(MaxPayloadInMB) }),
    ...(BatchStrategy !== undefined && {
      SAGEMAKER_BATCH_STRATEGY: BatchStrategy === 'SingleRecord' ? 'SINGLE_RECORD' : 'MULTI_RECORD',
    }),
    ...(MaxConcurrentTransforms !== undefined && {
      SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(MaxConcurrentTransforms),
    }),
  };
}

async function invoke(
  server: string,
  body: Buffer,
  { TransformInput, TransformOutput, ModelClientConfig }: TransformRequest,
  uri: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const seconds = ModelClientConfig?.InvocationsTimeoutInSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const retries = ModelClientConfig?.InvocationsMaxRetries ?? 0;
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(`${server}/invocations`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: {
        ...(TransformInput?.ContentType && { 'Content-Type': TransformInput.ContentType }),
        ...(TransformOutput?.Accept && { Accept: TransformOutput.Accept }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
    }).catch((error: Error) => error);
    if (response instanceof Response && response.ok) return Buffer.from(await response.arrayBuffer());
    if (attempt < retries && !signal.aborted) continue;
    const answer =
      response instanceof Error
        ? response.message
        : `status ${response.status}: ${(await response.text()).slice(0, ANSWER_CHARACTERS)}`;
    throw new JobError('AlgorithmError', `${uri}: the model server didn't answer the request, got ${answer}`);
  }
}

/** The path below the input prefix is kept; an object that is itself the prefix keeps its last part. */
function outputUri({ TransformInput, TransformOutput }: TransformRequest, uri: string): string {
  const prefix = TransformInput?.DataSource?.S3DataSource?.S3Uri ?? '';
  const base = prefix.endsWith('/') ? prefix : `${posix.dirname(prefix)}/`;
  const path =
    uri === prefix ? posix.basename(uri) : uri.slice((uri.startsWith(`${prefix}/`) ? `${prefix}/` : base).length);
  return `${(TransformOutput?.S3OutputPath ?? '').replace(/\/+$/, '')}/${path}.out`;
}
