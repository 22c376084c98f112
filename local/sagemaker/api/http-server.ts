import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Json, JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import type { AcceptedInvocation, AsyncInvocation } from './async-invocation';
import { asyncInvocationsRoute } from './async-invocations-route';
import type { Dispatcher } from './dispatcher';
import type { Invocation, InvocationResult } from './invocation';

export interface HttpServerProps {
  /** By the part of X-Amz-Target before the dot. */
  readonly dispatchers: readonly Dispatcher[];
  readonly invoke: (invocation: Invocation) => Promise<InvocationResult>;
  /** What `GET /_local/endpoints/NAME/deployments` answers, undefined for no such endpoint. @default no endpoint is known */
  readonly deploymentsOf?: (endpointName: string) => object | undefined;
  readonly invokeAsync: (invocation: AsyncInvocation) => AcceptedInvocation;
  readonly log: (message: string) => void;
}

/** Largest body of InvokeEndpoint, in bytes. @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-test-endpoints.html */
export const LARGEST_INVOCATION = 6 * 1024 * 1024;
/** Largest body of any other action, in bytes: a pipeline definition has up to 1 MB before it is escaped. */
const LARGEST_REQUEST = 8 * 1024 * 1024;
const JSON_1_1 = 'application/x-amz-json-1.1';

/** What InvokeEndpoint takes in an account and can't be honoured here. */
const REFUSED_HEADERS = [
  'x-amzn-sagemaker-target-model',
  'x-amzn-sagemaker-target-container-hostname',
  'x-amzn-sagemaker-enable-explanations',
  'x-amzn-sagemaker-session-id',
] as const;

/** The service's two protocols: JSON 1.1 for the control plane, REST for the runtime. */
export function httpServer({ dispatchers, invoke, invokeAsync, deploymentsOf, log }: HttpServerProps): FastifyInstance {
  const app = fastify({
    bodyLimit: LARGEST_REQUEST,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^/, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-amzn-requestid', request.id);
  });
  app.setErrorHandler((error, request, reply) => sendError(asServiceError(error, request, log), request, reply));
  app.setNotFoundHandler((request, reply) => sendError(unknown(`${request.method} ${request.url}`), request, reply));

  app.get('/_mlops/health', () => ({ status: 'ok', pid: process.pid }));

  // Below a path that no service of AWS has.
  app.get<{ Params: { name: string } }>('/_local/endpoints/:name/deployments', (request) => {
    const history = deploymentsOf?.(request.params.name);
    if (!history) throw new ServiceError('ResourceNotFound', `Could not find endpoint ${request.params.name}`, 404);
    return history;
  });

  app.post('/', async (request, reply) => {
    const header = request.headers['x-amz-target'];
    const [target, action = ''] = typeof header === 'string' ? header.split('.') : [];
    const dispatcher = dispatchers.find(({ model }) => model.targetPrefix === target);
    if (!dispatcher) throw unknown(header === undefined ? 'a request without X-Amz-Target' : String(header));
    const answer = await dispatcher.answer(action, parseBody(request.body));
    return reply.header('content-type', JSON_1_1).send(Buffer.from(JSON.stringify(answer)));
  });

  app.post<{ Params: { name: string } }>(
    '/endpoints/:name/invocations',
    { bodyLimit: LARGEST_INVOCATION },
    async (request, reply) => {
      for (const header of REFUSED_HEADERS)
        if (request.headers[header] !== undefined)
          throw new ServiceError('ValidationError', `${header}: the local SageMaker doesn't implement it`);
      const result = await invoke({
        endpointName: request.params.name,
        body: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
        contentType: one(request, 'content-type'),
        accept: one(request, 'accept'),
        targetVariant: one(request, 'x-amzn-sagemaker-target-variant'),
        customAttributes: one(request, 'x-amzn-sagemaker-custom-attributes'),
        inferenceId: one(request, 'x-amzn-sagemaker-inference-id'),
        inferenceComponent: one(request, 'x-amzn-sagemaker-inference-component'),
      });
      reply.code(result.statusCode).header('x-amzn-invoked-production-variant', result.invokedVariant);
      if (result.contentType !== undefined) reply.type(result.contentType);
      if (result.customAttributes !== undefined)
        reply.header('x-amzn-sagemaker-custom-attributes', result.customAttributes);
      return reply.send(result.body);
    },
  );
  asyncInvocationsRoute(app, invokeAsync);
  return app;
}

function parseBody(body: unknown): Json {
  if (!(body instanceof Buffer) || body.length === 0) return {};
  try {
    return JSON.parse(body.toString()) as Json;
  } catch (cause) {
    throw new ServiceError('SerializationException', `The request isn't JSON: ${(cause as Error).message}`);
  }
}

function one(request: FastifyRequest, header: string): string | undefined {
  const value = request.headers[header];
  return Array.isArray(value) ? value.join(', ') : value;
}

function unknown(what: string): ServiceError {
  return new ServiceError(
    'UnknownOperationException',
    `${what}: the local SageMaker doesn't implement it; it answers SageMaker, its runtime and Application Auto Scaling`,
  );
}

function isInvocation(request: FastifyRequest): boolean {
  return request.url.startsWith('/endpoints/');
}

function asServiceError(error: unknown, request: FastifyRequest, log: (message: string) => void): ServiceError {
  if (error instanceof ServiceError) return error;
  const { code, message, stack } = error as Error & { code?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = isInvocation(request) ? LARGEST_INVOCATION : LARGEST_REQUEST;
    const text = `Request body of ${request.headers['content-length'] ?? 'unknown'} bytes is too large; send at most ${limit} bytes`;
    return new ServiceError(isInvocation(request) ? 'ValidationError' : 'ValidationException', text, 413);
  }
  log(
    `${request.id} ${request.method} ${request.url} ${String(request.headers['x-amz-target'] ?? '')}: ${stack ?? message}`,
  );
  return new ServiceError(
    'InternalFailure',
    `The local SageMaker failed: ${message}; see request ${request.id} in its log`,
    500,
  );
}

async function sendError(error: ServiceError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const body: JsonObject = isInvocation(request)
    ? { ...error.details, Message: error.message, message: error.message }
    : { ...error.details, __type: error.code, message: error.message };
  // The runtime's SDKs read the code from the header, those of the control plane from `__type`.
  await reply
    .code(error.statusCode)
    .header('x-amzn-errortype', error.code)
    .header('content-type', isInvocation(request) ? 'application/json' : JSON_1_1)
    .send(Buffer.from(JSON.stringify(body)));
}
