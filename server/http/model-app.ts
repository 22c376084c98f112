import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { InvalidInputError } from '../../core/invalid-input-error';
import { AbandonedError } from '../batching/batcher';
import { IncompleteError } from '../metrics/exposition';
import { inferHandler, type ServerMetrics } from '../metrics/server-metrics';
import type { Settings } from '../settings';
import type { Admission, Ticket } from './admission';
import { BusyLog } from './busy-log';
import { answerClientError } from './client-error';
import type { Drain } from './drain';
import { HttpError } from './http-error';
import { inferenceProtocolRoutes } from './inference-protocol-routes';
import type { Predictor } from './predictor';
import { busy, receiveBody, tooLarge } from './receive-body';
import { sagemakerRoutes } from './sagemaker-routes';

export interface ModelAppProps {
  readonly predictor: Predictor;
  readonly settings: Settings;
  readonly metrics: ServerMetrics;
  readonly admission: Admission;
  readonly drain: Drain;
  /** What Prometheus reads: content type and text. */
  readonly exposition: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** @default standard output */
  readonly logTo?: { write(line: string): void };
}

const INFER = /^\/v2\/models\/:model(?:\/versions\/:version)?\/infer$/;

/** What the answer counts as: a prediction by the Open Inference Protocol has the model's name in its path. */
function handlerOf({ routeOptions: { url = 'unknown' }, params }: FastifyRequest, modelName: string): string {
  const isInfer = INFER.test(url) && (params as { readonly model?: string }).model === modelName;
  return isInfer ? inferHandler(modelName) : url;
}

const UNPACK = 'send the body as it is; Parquet is compressed within';

/** As far as a client may name its request: it goes into logs. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/**
 * The HTTP side of the server, for a model that is loaded. What isn't answered by 200 is answered by `{"error": …}`:
 * 400 for rows that the model can't take, 404 and 405, 406 and 415 for types, 408 for a request that comes too slowly,
 * 413 for a body that is too large, 429 with Retry-After while there is too much to do, 500 if the prediction fails;
 * 503 for readiness once it was asked to end, and for metrics that aren't of all processes.
 */
export function modelApp(props: ModelAppProps): FastifyInstance {
  const { settings, metrics, admission, drain } = props;
  const tickets = new WeakMap<IncomingMessage, Ticket>();
  const busyLog = new BusyLog();
  const app = fastify({
    logger: { level: settings.logLevel, ...(props.logTo && { stream: props.logTo }) },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    // Checked by receiveBody, which counts what really arrives.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    requestTimeout: settings.requestSeconds * 1000,
    // Longer than the load balancers' minute: who closes first loses requests.
    keepAliveTimeout: 75_000,
    http: { headersTimeout: Math.min(settings.requestSeconds, 30) * 1000, connectionsCheckingInterval: 1000 },
    // While it drains, a request that slipped in is answered, and its connection closed.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    routerOptions: { ignoreTrailingSlash: true },
  });

  // A client may say that it has sent all and still wait for the answer: by default Node hangs up on it.
  (app.server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    // Of all others a body is taken in, whether or not there is a path for it.
    if (request.method === 'GET' || request.method === 'HEAD') return done();
    drain.begin();
    reply.raw.once('close', () => drain.end());
    const ticket = admission.enter();
    if (typeof ticket === 'string') {
      metrics.countRefusal(ticket);
      return done(busy(`there is too much to do (${ticket})`));
    }
    tickets.set(request.raw, ticket);
    // Also for a client that went away.
    reply.raw.once('close', () => ticket.leave());
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
      return done(new HttpError(415, 'Content-Encoding', `must be identity, got ${encoding.slice(0, 40)}`, UNPACK));
    }
    if (Number(request.headers['content-length']) > settings.largestBody) return done(tooLarge(settings.largestBody));
    return done();
  });
  app.addHook('preClose', (done) => {
    drain.ask();
    done();
  });
  app.addHook('onSend', (_, reply, payload, done) => {
    // Else a connection that was busy when the server was asked to stop would keep it until the drain ends.
    if (drain.asked) reply.header('connection', 'close');
    // An answer that nobody reads would hold its memory and its place among the requests for good.
    const patience = setTimeout(() => reply.raw.destroy(), settings.requestSeconds * 1000).unref();
    reply.raw.once('close', () => clearTimeout(patience));
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const path = handlerOf(request, settings.modelName);
    metrics.observeAnswer(path, request.method, reply.statusCode, reply.elapsedTime / 1000);
    request.log.debug({ path, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: { raw: IncomingMessage }, payload: IncomingMessage) => {
    const start = performance.now();
    const ticket = tickets.get(request.raw);
    const hold = (bytes: number) => {
      const isHeld = ticket?.hold(bytes) ?? true;
      if (!isHeld) metrics.countRefusal('bytes');
      return isHeld;
    };
    const body = await receiveBody(payload, settings.largestBody, { hold });
    metrics.observeStage('receive', (performance.now() - start) / 1000);
    return body;
  });
  const routes: { readonly path: RegExp; readonly method: string }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (method !== 'HEAD')
      routes.push({ path: new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}/?$`), method: String(method) });
  });
  app.setNotFoundHandler(({ url, method }) => {
    const path = url.split('?', 1)[0] ?? '';
    const known = routes.find((route) => route.path.test(path))?.method;
    if (known === undefined) throw new HttpError(404, 'path', `isn't served, got ${path.slice(0, 80)}`, 'see /v2');
    throw new HttpError(405, 'method', `must be ${known}, got ${method}`, `use ${known}`, { allow: known });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof AbandonedError) {
      // Nobody reads it.
      return reply.code(400).send({ error: error.message });
    }
    if (error instanceof IncompleteError) {
      request.log.warn({ status: 503 }, error.message);
      return reply.code(503).send({ error: `metrics: must be of all processes, got ${error.message}; ask again` });
    }
    if (error instanceof HttpError) {
      if (error.statusCode === 429) busyLog.tell(request.log, error.message);
      return reply.code(error.statusCode).headers(error.headers).send({ error: error.message });
    }
    if (error instanceof InvalidInputError) return reply.code(400).send({ error: error.message });
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.code(error.statusCode).send({ error: `request: is malformed, got ${error.message}; correct it` });
    }
    request.log.error({ err: error }, 'the prediction failed');
    const message = `model: the prediction failed, got ${error.name}; look at the server's log for request ${request.id}`;
    return reply.code(500).send({ error: message });
  });

  app.get('/metrics', async (_, reply) => {
    const { contentType, text } = await props.exposition();
    return reply.type(contentType).send(text);
  });
  sagemakerRoutes(app, props);
  inferenceProtocolRoutes(app, props);
  return app;
}
