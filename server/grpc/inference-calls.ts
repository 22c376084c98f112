import type { handleUnaryCall, ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { ModelAppProps } from '../http/model-app';
import { requireModel } from '../http/require-model';
import { modelMetadata, SERVER } from '../inference-protocol/model-metadata';
import { type CallStatusProps, callStatus, handlerOf } from './call-status';
import { infer } from './infer';
import type { ModelInferRequest, ModelRequest, Received } from './inference-service';

export interface InferenceCallsProps extends Pick<ModelAppProps, 'predictor' | 'drain'>, CallStatusProps {}

type Call = ServerUnaryCall<Received<never>, unknown>;

/** What the service answers: the same of each question as over REST, and predictions by the same queue. */
export function inferenceCalls(props: InferenceCallsProps): UntypedServiceImplementation {
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
    ModelInfer: answer(props, predict),
  };
}

function answer<Request>(
  props: InferenceCallsProps,
  work: (request: Request, call: Call) => unknown,
): handleUnaryCall<Received<Request>, unknown> {
  const settle = async (call: ServerUnaryCall<Received<Request>, unknown>, done: sendUnaryData<unknown>) => {
    const begun = performance.now();
    const path = call.getPath();
    try {
      const { request } = call.request;
      if (request === undefined) {
        throw new InvalidInputError('request', 'must be the message of its call, got other bytes', 'see the .proto');
      }
      const found = await work(request, call as Call);
      const { metrics, settings } = props;
      metrics.observeAnswer(handlerOf(path, settings), 'gRPC', 200, (performance.now() - begun) / 1000);
      done(null, found);
    } catch (error) {
      const [id = ''] = call.metadata.get('x-request-id');
      done(callStatus(props, error, { path, begun, id: String(id) }));
    }
  };
  return (call, done) => {
    void settle(call, done);
  };
}
