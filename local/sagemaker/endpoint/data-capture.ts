import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../core/json';
import type { Invocation, InvocationResult } from '../api/invocation';
import type { Context } from '../context';

export interface CapturedInvocation {
  /** DataCaptureConfig of the EndpointConfig. */
  readonly config: JsonObject | undefined;
  readonly invocation: Invocation;
  readonly result: InvocationResult;
}

/** Lines of a file; the service's files are larger, but a laptop's traffic is small. */
const MOST_LINES = 1_000;

/**
 * Writes requests and answers to S3 in the form that Model Monitor reads. It takes place after the answer and apart
 * from it: if S3 can't be reached, lines are lost and the log says so.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 */
export class DataCapture {
  private buffers = new Map<string, string[]>();
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  /** @param random 0 to below 1; decides which requests are sampled */
  constructor(
    private readonly context: Pick<Context, 'storage' | 'now' | 'log'>,
    intervalMs: number,
    private readonly random: () => number = Math.random,
  ) {
    this.timer = setInterval(() => void this.flush(), intervalMs).unref();
  }

  record({ config, invocation, result }: CapturedInvocation): void {
    if (config === undefined || config.EnableCapture === false) return;
    if (this.random() * 100 >= Number(config.InitialSamplingPercentage)) return;
    const prefix = [
      (config.DestinationS3Uri as string).replace(/\/+$/, ''),
      invocation.endpointName,
      result.invokedVariant,
    ].join('/');
    const lines = this.buffers.get(prefix) ?? [];
    this.buffers.set(prefix, lines);
    lines.push(JSON.stringify(this.line(config, invocation, result)));
    if (lines.length >= MOST_LINES) void this.flush();
  }

  /** Never rejects. */
  flush(): Promise<void> {
    const buffers = this.buffers;
    this.buffers = new Map();
    this.writing = this.writeAll(this.writing, buffers);
    return this.writing;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async writeAll(before: Promise<void>, buffers: ReadonlyMap<string, readonly string[]>): Promise<void> {
    await before;
    for (const [prefix, lines] of buffers) await this.write(prefix, lines);
  }

  private async write(prefix: string, lines: readonly string[]): Promise<void> {
    // 2026-01-02T03:04:05.678Z becomes 2026/01/02/03/04-05-678.
    const [year, month, day, hour, minute, second, millisecond] = this.context
      .now()
      .toISOString()
      .split(/[-T:.Z]/);
    const uri = `${prefix}/${year}/${month}/${day}/${hour}/${minute}-${second}-${millisecond}-${randomUUID()}.jsonl`;
    try {
      await this.context.storage.write(uri, `${lines.join('\n')}\n`, 'application/x-jsonlines');
    } catch (error) {
      this.context.log(`data capture: ${lines.length} lines for ${prefix} are lost, got ${(error as Error).message}`);
    }
  }

  private line(config: JsonObject, invocation: Invocation, result: InvocationResult): JsonObject {
    const modes = ((config.CaptureOptions ?? []) as readonly JsonObject[]).map(({ CaptureMode }) => CaptureMode);
    const wants = (mode: string) => modes.includes(mode) || modes.includes('InputAndOutput');
    const side = (mode: 'INPUT' | 'OUTPUT', contentType: string | undefined, body: Buffer) => {
      const encoding = encodingOf(config, contentType);
      return {
        observedContentType: contentType,
        mode,
        data: body.toString(encoding === 'BASE64' ? 'base64' : 'utf8'),
        encoding,
      };
    };
    return {
      captureData: {
        ...(wants('Input') && { endpointInput: side('INPUT', invocation.contentType, invocation.body) }),
        ...(wants('Output') && { endpointOutput: side('OUTPUT', result.contentType, result.body) }),
      },
      eventMetadata: {
        eventId: randomUUID(),
        ...(invocation.customAttributes !== undefined && { customAttributes: [invocation.customAttributes] }),
        ...(invocation.inferenceId !== undefined && { inferenceId: invocation.inferenceId }),
        inferenceTime: this.context.now().toISOString(),
      },
      eventVersion: '0',
    };
  }
}

/** What isn't listed as CSV or JSON is encoded. */
function encodingOf(
  { CaptureContentTypeHeader }: JsonObject,
  contentType: string | undefined,
): 'CSV' | 'JSON' | 'BASE64' {
  const { CsvContentTypes, JsonContentTypes } = (CaptureContentTypeHeader ?? {}) as JsonObject;
  const media = contentType?.split(';')[0]?.trim().toLowerCase();
  const listed = (types: unknown) => media !== undefined && Array.isArray(types) && types.includes(media);
  if (listed(CsvContentTypes)) return 'CSV';
  return listed(JsonContentTypes) ? 'JSON' : 'BASE64';
}
