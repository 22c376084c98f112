import type { IncomingMessage } from 'node:http';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { inferHandler, type ServerMetrics } from '../metrics/server-metrics';
import type { Settings } from '../settings';
import type { Admission, Ticket } from './admission';
import { BusyLog } from './busy-log';
import { answerClientError } from './client-error';
import type { Drain } from './drain';
import { errorAnswer } from './error-answer';
import { HttpError } from './http-error';
import { httpServer } from './http-server';
import { inference, inferenceProtocolRoutes } from './inference-protocol-routes';
import { Intake } from './intake';
import { Patience } from './patience';
import { predictionExchange } from './prediction-exchange';
import type { Predictor } from './predictor';
import { requestId } from './request-id';
import { INVOCATIONS, invocations, sagemakerRoutes } from './sagemaker-routes';

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

/**
 * The HTTP side of the server, for a model that is loaded. What isn't answered by 200 is answered by `{"error": …}`:
 * 400 for rows that the model can't take, 404 and 405, 406 and 415 for types, 408 for a request that comes too slowly,
 * 413 for a body that is too large, 429 with Retry-After while there is too much to do, 500 if the prediction fails;
 * 503 for readiness once it was asked to end, and for metrics that aren't of all processes.
 */
export function modelApp(props: ModelAppProps): FastifyInstance {
  const { settings, metrics, drain } = props;
  const tickets = new WeakMap<IncomingMessage, Ticket>();
  const busyLog = new BusyLog();
  const intake = new Intake(props);
  const patience = new Patience(settings.requestSeconds * 1000);
  const predictions = new Map([
    [INVOCATIONS, invocations(props)],
    [inferHandler(settings.modelName), inference(props)],
  ]);
  const app = fastify({
    logger: { level: settings.logLevel, ...(props.logTo && { stream: props.logTo }) },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: ({ headers }) => requestId(headers),
    // Checked by receiveBody, which counts what really arrives.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    serverFactory: (handler) =>
      httpServer(settings, (request, response) => {
        const path = request.method === 'POST' ? predictions.get(request.url ?? '') : undefined;
        if (path) exchange(request, response, path);
        else handler(request, response);
      }),
    // While it drains, a request that slipped in is answered, and its connection closed.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    routerOptions: { ignoreTrailingSlash: true },
  });
  const exchange = predictionExchange({ metrics, drain, intake, patience, busyLog, log: app.log });

  app.addHook('onRequest', (request, reply, done) => {
    const { prediction } = request.routeOptions.config;
    if (prediction) {
      reply.hijack();
      exchange(request.raw, reply.raw, prediction(request.params));
      return;
    }
    reply.header('x-request-id', request.id);
    reply.raw.once('close', () => patience.end(reply.raw));
    // Of all others a body is taken in, though there is no path for it.
    if (request.method === 'GET' || request.method === 'HEAD') return done();
    try {
      tickets.set(request.raw, intake.enter(request.headers, reply.raw));
    } catch (error) {
      return done(error as Error);
    }
    return done();
  });
  app.addHook('preClose', (done) => {
    drain.ask();
    done();
  });
  app.addHook('onSend', (_, reply, payload, done) => {
    // Else a connection that was busy when the server was asked to stop would keep it until the drain ends.
    if (drain.asked) reply.header('connection', 'close');
    patience.begin(reply.raw);
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { url: path = 'unknown', config } = request.routeOptions;
    if (config.prediction) return done();
    metrics.observeAnswer(path, request.method, reply.statusCode, reply.elapsedTime / 1000);
    request.log.debug({ path, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
    return done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: { raw: IncomingMessage }, payload: IncomingMessage) =>
    intake.receive(payload, tickets.get(request.raw)),
  );
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
  app.setErrorHandler((thrown, request, reply) => {
    const { status, error, headers = {} } = errorAnswer(thrown, { log: () => request.log, busyLog, id: request.id });
    return reply.code(status).headers(headers).send({ error });
  });

  app.get('/metrics', async (_, reply) => {
    const { contentType, text } = await props.exposition();
    return reply.type(contentType).send(text);
  });
  sagemakerRoutes(app, props);
  inferenceProtocolRoutes(app, props);
  return app;
}
