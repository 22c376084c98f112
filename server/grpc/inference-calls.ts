import {
  type handleUnaryCall,
  Metadata,
  type ServerUnaryCall,
  status as Status,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import type { ModelAppProps } from '../http/model-app';
import { modelMetadata, SERVER, versionOf } from '../inference-protocol/model-metadata';
import { inferHandler } from '../metrics/server-metrics';
import { GrpcError, httpStatusOf, statusOf } from './grpc-error';
import { infer } from './infer';
import type { ModelInferRequest, ModelRequest, Received } from './inference-service';

export interface InferenceCallsProps extends Omit<ModelAppProps, 'exposition' | 'logTo'> {
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>;
}

type Call = ServerUnaryCall<Received<never>, unknown>;

/** Seconds after which a client may come again. */
const RETRY_AFTER = '1';

/** What the service answers: the same of each question as over REST, and predictions by the same queue and limits. */
export function inferenceCalls(props: InferenceCallsProps): UntypedServiceImplementation {
  const { predictor, settings, drain } = props;
  const { model } = predictor;
  const requireModel = (name: string, version: string): void => {
    if (name === settings.modelName && (version === '' || version === versionOf(model))) return;
    const asked = version === '' ? name : `${name} ${version}`;
    const fix = `ask for ${settings.modelName} ${versionOf(model)}`;
    throw new GrpcError(Status.NOT_FOUND, 'model', `isn't served, got ${asked.slice(0, 80)}`, fix);
  };
  const predict = async (request: ModelInferRequest, call: Call) => {
    requireModel(request.model_name, request.model_version);
    return infer(props, request, () => call.cancelled);
  };
  return {
    ServerLive: answer(props, () => ({ live: true })),
    ServerReady: answer(props, () => ({ ready: !drain.asked })),
    ServerMetadata: answer(props, () => SERVER),
    ModelReady: answer(props, ({ name, version }: ModelRequest) => {
      requireModel(name, version);
      return { ready: !drain.asked };
    }),
    ModelMetadata: answer(props, ({ name, version }: ModelRequest) => {
      requireModel(name, version);
      return modelMetadata(model, settings);
    }),
    ModelInfer: answer(props, (request: ModelInferRequest, call) =>
      admitted(props, call, () => predict(request, call)),
    ),
  };
}

/** Lets a prediction in as one over REST. Its bytes are in memory already: here they only keep out the next. */
async function admitted<T>(
  { admission, drain, metrics }: InferenceCallsProps,
  call: Call,
  work: () => Promise<T>,
): Promise<T> {
  if (drain.over) {
    throw new GrpcError(Status.UNAVAILABLE, 'server', 'is ending, got one more request', 'ask another');
  }
  const ticket = admission.enter();
  if (typeof ticket === 'string') {
    metrics.countRefusal(ticket);
    throw busy(`there is too much to do (${ticket})`);
  }
  drain.begin();
  try {
    if (!ticket.hold(call.request.bytes)) throw busy('the server holds as many bytes of requests as it may');
    return await work();
  } finally {
    ticket.leave();
    drain.end();
  }
}

function busy(problem: string): GrpcError {
  const fix = `try again in ${RETRY_AFTER} s`;
  return new GrpcError(Status.RESOURCE_EXHAUSTED, 'server', `${problem}, got one more request`, fix);
}

function answer<Request>(
  { metrics, log, settings }: InferenceCallsProps,
  work: (request: Request, call: Call) => unknown,
): handleUnaryCall<Received<Request>, unknown> {
  const settle = async (call: ServerUnaryCall<Received<Request>, unknown>, done: sendUnaryData<unknown>) => {
    const start = performance.now();
    const handler = call.getPath().endsWith('/ModelInfer') ? inferHandler(settings.modelName) : call.getPath();
    const finish = (code: Status) =>
      metrics.observeAnswer(handler, 'gRPC', httpStatusOf(code), (performance.now() - start) / 1000);
    try {
      const { request } = call.request;
      if (request === undefined) {
        throw new GrpcError(
          Status.INVALID_ARGUMENT,
          'request',
          'must be the message of its call, got other bytes',
          'see the .proto',
        );
      }
      const found = await work(request, call as Call);
      finish(Status.OK);
      done(null, found);
    } catch (error) {
      const code = statusOf(error);
      finish(code);
      const { message, name } = error as Error;
      const [id = ''] = call.metadata.get('x-request-id');
      if (code === Status.INTERNAL) log.error({ err: error, reqId: String(id).slice(0, 128) }, 'the prediction failed');
      if (code === Status.RESOURCE_EXHAUSTED) log.warn({ status: 429 }, message);
      const metadata = new Metadata();
      if (code === Status.RESOURCE_EXHAUSTED) metadata.set('retry-after', RETRY_AFTER);
      const details =
        code === Status.INTERNAL ? `model: the prediction failed, got ${name}; look at the server's log` : message;
      done({ code, details, metadata });
    }
  };
  return (call, done) => {
    void settle(call, done);
  };
}
