import {
  type handleUnaryCall,
  Metadata,
  type ServerUnaryCall,
  status as Status,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import { InvalidInputError } from '../../core/invalid-input-error';
import { BusyLog } from '../http/busy-log';
import { HttpError } from '../http/http-error';
import type { ModelAppProps } from '../http/model-app';
import { busy } from '../http/receive-body';
import { requireModel } from '../http/require-model';
import { modelMetadata, SERVER } from '../inference-protocol/model-metadata';
import { inferHandler } from '../metrics/server-metrics';
import { grpcStatusOf, httpStatusOf } from './grpc-status';
import { infer } from './infer';
import type { ModelInferRequest, ModelRequest, Received } from './inference-service';

export interface InferenceCallsProps extends Omit<ModelAppProps, 'exposition' | 'logTo'> {
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>;
}

type Call = ServerUnaryCall<Received<never>, unknown>;

/** What the service answers: the same of each question as over REST, and predictions by the same queue and limits. */
export function inferenceCalls(given: InferenceCallsProps): UntypedServiceImplementation {
  const props = { ...given, busyLog: new BusyLog() };
  const { predictor, settings, drain } = props;
  const { model } = predictor;
  // A message has no undefined: an empty version is none.
  const require = (name: string, version: string): void =>
    requireModel(model, settings, name, version === '' ? undefined : version);
  const predict = async (request: ModelInferRequest, call: Call) => {
    require(request.model_name, request.model_version);
    return infer(props, request, () => call.cancelled);
  };
  return {
    ServerLive: answer(props, () => ({ live: true })),
    ServerReady: answer(props, () => ({ ready: !drain.asked })),
    ServerMetadata: answer(props, () => SERVER),
    ModelReady: answer(props, ({ name, version }: ModelRequest) => {
      require(name, version);
      return { ready: !drain.asked };
    }),
    ModelMetadata: answer(props, ({ name, version }: ModelRequest) => {
      require(name, version);
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
    throw new HttpError(503, 'server', 'is ending, got one more request', 'ask another');
  }
  const ticket = admission.enter();
  if (typeof ticket === 'string') {
    metrics.countRefusal(ticket);
    throw busy(`there is too much to do (${ticket})`);
  }
  drain.begin();
  try {
    if (!ticket.hold(call.request.bytes)) {
      metrics.countRefusal('bytes');
      throw busy('the server holds as many bytes of requests as it may');
    }
    return await work();
  } finally {
    ticket.leave();
    drain.end();
  }
}

function answer<Request>(
  { metrics, log, busyLog, settings }: InferenceCallsProps & { readonly busyLog: BusyLog },
  work: (request: Request, call: Call) => unknown,
): handleUnaryCall<Received<Request>, unknown> {
  const settle = async (call: ServerUnaryCall<Received<Request>, unknown>, done: sendUnaryData<unknown>) => {
    const start = performance.now();
    const handler = call.getPath().endsWith('/ModelInfer') ? inferHandler(settings.modelName) : call.getPath();
    const finish = (httpStatus: number) =>
      metrics.observeAnswer(handler, 'gRPC', httpStatus, (performance.now() - start) / 1000);
    try {
      const { request } = call.request;
      if (request === undefined) {
        throw new InvalidInputError('request', 'must be the message of its call, got other bytes', 'see the .proto');
      }
      const found = await work(request, call as Call);
      finish(200);
      done(null, found);
    } catch (error) {
      const code = grpcStatusOf(error);
      finish(httpStatusOf(error));
      const { message, name } = error as Error;
      const [id = ''] = call.metadata.get('x-request-id');
      if (code === Status.INTERNAL) log.error({ err: error, reqId: String(id).slice(0, 128) }, 'the prediction failed');
      if (code === Status.RESOURCE_EXHAUSTED) busyLog.tell(log, message);
      const metadata = new Metadata();
      if (error instanceof HttpError)
        for (const [key, value] of Object.entries(error.headers)) metadata.set(key, value);
      const details =
        code === Status.INTERNAL ? `model: the prediction failed, got ${name}; look at the server's log` : message;
      done({ code, details, metadata });
    }
  };
  return (call, done) => {
    void settle(call, done);
  };
}
