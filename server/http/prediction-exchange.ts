import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { BusyLog } from './busy-log';
import { errorAnswer } from './error-answer';
import type { Intake } from './intake';
import type { ModelAppProps } from './model-app';
import type { Patience } from './patience';
import { requestId } from './request-id';

/** What is asked of the model, once the whole body is there. */
export interface Question {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  /** The request's name, in logs and in its answer. */
  readonly id: string;
  /** Whether nobody waits for the answer any more. */
  readonly abandoned: () => boolean;
}

export interface Answer {
  readonly type: string;
  readonly text: string;
}

/** A path that predicts. */
export interface PredictionPath {
  /** What its answers count as in the metrics. */
  readonly handler: string;
  /** @throws whatever {@link errorAnswer} knows */
  answer(question: Question): Promise<Answer>;
}

/** Answers one request. */
export type Exchange = (request: IncomingMessage, response: ServerResponse, path: PredictionPath) => void;

export interface ExchangeProps extends Pick<ModelAppProps, 'metrics' | 'drain'> {
  readonly intake: Intake;
  readonly patience: Patience;
  readonly busyLog: BusyLog;
  readonly log: FastifyBaseLogger;
}

const ERROR_TYPE = 'application/json; charset=utf-8';
const nobodyHears = () => {};

/**
 * A prediction's way through the server: admission, body, answer, metrics and log. It stands on Node's HTTP alone: what
 * Fastify does for a request, its router, hooks, parsers and a logger each, took about as long as the prediction.
 */
export function predictionExchange({ metrics, drain, intake, patience, busyLog, log }: ExchangeProps): Exchange {
  return (request, response, path) => {
    const begun = performance.now();
    const id = requestId(request.headers);
    response.once('close', () => patience.end(response));
    response.once('finish', () => {
      const ms = performance.now() - begun;
      metrics.observeAnswer(path.handler, 'POST', response.statusCode, ms / 1000);
      log.debug({ reqId: id, path: path.handler, status: response.statusCode, ms }, 'answered');
    });
    response.on('error', nobodyHears);

    const answered = async (): Promise<Answer> => {
      const ticket = intake.enter(request.headers, response);
      const body = await intake.receive(request, ticket);
      return path.answer({ body, headers: request.headers, id, abandoned: () => request.socket.destroyed });
    };
    const send = (status: number, type: string, text: string, more?: Readonly<Record<string, string>>) => {
      if (response.destroyed) return;
      const length = Buffer.byteLength(text);
      const headers: Record<string, string | number> = {
        'x-request-id': id,
        'content-type': type,
        'content-length': length,
        ...more,
      };
      // Else a connection that was busy when the server was asked to stop would keep it until the drain ends. Not if a
      // body is refused half-way: a client that still sends would be reset before it reads why.
      if (drain.asked) headers.connection = 'close';
      patience.begin(response);
      // With the head in one write, which bytes would take two for.
      response.writeHead(status, headers).end(text, length === text.length ? 'latin1' : 'utf8');
    };
    answered()
      .then(
        ({ type, text }) => send(200, type, text),
        (thrown: unknown) => {
          const { status, error, headers } = errorAnswer(thrown, { log: () => log.child({ reqId: id }), busyLog, id });
          send(status, ERROR_TYPE, JSON.stringify({ error }), headers);
        },
      )
      .catch((err: unknown) => {
        log.error({ reqId: id, err }, 'the answer could not be sent');
        response.destroy();
      });
  };
}
