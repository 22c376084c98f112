import { InvalidInputError } from '../../../core/invalid-input-error';
import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { DataCapture } from '../endpoint/data-capture';
import { ConnectionFailed, forward, TimedOut } from '../endpoint/forward';
import type { Instance } from '../endpoint/instance';
import type { InvocationMetrics } from '../endpoint/invocation-metrics';
import { one, requestHeaders } from '../endpoint/model-headers';
import type { Variant } from '../endpoint/variant';
import type { Outcome } from './notification';
import type { QueuedRequest } from './queued-request';

export interface AnswerProps {
  readonly context: Pick<Context, 'storage'>;
  readonly metrics?: InvocationMetrics;
  readonly capture: DataCapture;
  readonly request: QueuedRequest;
  readonly variant: Variant;
  readonly instance: Instance;
  /** DataCaptureConfig of the fleet. */
  readonly dataCapture?: JsonObject;
}

/** The request can be tried again: the instance ended under it, or S3 can't be reached. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';

  /** @param blame who has to come back; an instance may end because of the request */
  constructor(
    message: string,
    readonly blame: 'instance' | 'storage',
  ) {
    super(message);
  }
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html */
const LARGEST_INPUT = 2 ** 30;
const LONGEST_REASON = 1_024;

/**
 * Reads the input, asks the model, and writes its answer to where the request says.
 * @throws TryAgain
 */
export async function answerRequest(props: AnswerProps): Promise<Outcome> {
  const { context, metrics, capture, request, variant, instance, dataCapture } = props;
  const { endpointName } = request;
  const count = (name: string) =>
    metrics?.measure({ endpointName, variantName: variant.spec.name, name, unit: 'Count', value: 1 });
  const time = (name: string, milliseconds: number) =>
    metrics?.measure({
      endpointName,
      variantName: variant.spec.name,
      name,
      unit: 'Microseconds',
      value: Math.round(milliseconds * 1_000),
    });

  const downloadBegan = performance.now();
  const body = await download(context, request.inputLocation);
  if (typeof body === 'string') {
    count('RequestDownloadFailures');
    return { status: 'Failed', reason: body };
  }
  time('RequestDownloadLatency', performance.now() - downloadBegan);

  const { url } = instance;
  if (url === undefined) throw new TryAgain('the instance has ended', 'instance');
  const modelBegan = performance.now();
  const outcome = await instance.use(() =>
    forward({
      url: `${url}/invocations`,
      headers: requestHeaders(request),
      body,
      agent: false,
      timeoutMs: request.timeoutSeconds * 1_000,
    }).catch((error: unknown) => {
      if (error instanceof ConnectionFailed || error instanceof TimedOut) return error;
      throw error;
    }),
  );
  if (outcome instanceof ConnectionFailed) throw new TryAgain(outcome.message, 'instance');
  metrics?.record({
    mode: 'async',
    endpointName,
    variantName: variant.spec.name,
    statusCode: outcome instanceof TimedOut ? 0 : outcome.statusCode,
    instances: variant.inService.length,
    modelLatencyMicroseconds: (performance.now() - modelBegan) * 1_000,
    overheadLatencyMicroseconds: 0,
  });
  if (outcome instanceof TimedOut)
    return { status: 'Failed', reason: `ServerError: the model gave no answer within ${request.timeoutSeconds} s` };

  const response = { contentType: one(outcome.headers, 'content-type'), body: outcome.body };
  const ok = outcome.statusCode >= 200 && outcome.statusCode < 300;
  const uploadBegan = performance.now();
  const failure = await upload(context, ok ? request.outputLocation : request.failureLocation, response);
  if (failure !== undefined) {
    count('ResponseUploadFailures');
    return { status: 'Failed', reason: failure, response };
  }
  time('ResponseUploadLatency', performance.now() - uploadBegan);
  if (!ok) return { status: 'Failed', reason: modelFailure(outcome.statusCode, outcome.body, instance.log), response };
  capture.record({
    config: dataCapture,
    invocation: { ...request, body },
    result: {
      statusCode: 200,
      body: outcome.body,
      contentType: response.contentType,
      invokedVariant: variant.spec.name,
    },
  });
  return { status: 'Completed', response };
}

/** @returns what is wrong if the object can't be sent at all */
async function download({ storage }: AnswerProps['context'], uri: string): Promise<Buffer | string> {
  try {
    const object = (await storage.list(uri)).find((candidate) => candidate.uri === uri);
    if (!object) return `ClientError: there is no object ${uri}`;
    if (object.size > LARGEST_INPUT)
      return `ClientError: ${uri} has ${object.size} bytes, a payload at most ${LARGEST_INPUT}`;
    return await storage.read(uri);
  } catch (error) {
    return permanent(error, `can't read ${uri}`);
  }
}

/** @returns what is wrong if the answer can't be written at all */
async function upload(
  { storage }: AnswerProps['context'],
  uri: string | undefined,
  { contentType, body }: NonNullable<Outcome['response']>,
): Promise<string | undefined> {
  if (uri === undefined) return undefined;
  try {
    await storage.write(uri, body, contentType);
    return undefined;
  } catch (error) {
    return permanent(error, `can't write ${uri}`);
  }
}

/** @throws TryAgain unless the client has to mend something */
function permanent(error: unknown, what: string): string {
  const { message, $fault } = error as Error & { readonly $fault?: string };
  if (error instanceof InvalidInputError || $fault === 'client') return `ClientError: ${what}, got ${message}`;
  throw new TryAgain(`${what}, got ${message}`, 'storage');
}

function modelFailure(statusCode: number, body: Buffer, log: string): string {
  const whose = statusCode >= 400 && statusCode < 500 ? 'ClientError' : 'ServerError';
  return `${whose}: Received ${statusCode} from model with message "${body.toString('utf8').slice(0, LONGEST_REASON)}". See ${log}`;
}
