import type { FastifyBaseLogger } from 'fastify';
import { InvalidInputError } from '../../core/invalid-input-error';
import { AbandonedError } from '../batching/batcher';
import { IncompleteError } from '../metrics/exposition';
import type { BusyLog } from './busy-log';
import { HttpError } from './http-error';

/** How an error is answered: by `{"error": …}`. */
export interface ErrorAnswer {
  readonly status: number;
  readonly error: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ErrorAnswerProps {
  /** Of the request. */
  readonly log: () => Pick<FastifyBaseLogger, 'error' | 'warn'>;
  readonly busyLog: BusyLog;
  /** Of the request. */
  readonly id: string;
}

/** The answer to whatever was thrown; what an operator has to know of is logged. */
export function errorAnswer(thrown: unknown, { log, busyLog, id }: ErrorAnswerProps): ErrorAnswer {
  const error = thrown as Error & { readonly statusCode?: number };
  // Nobody reads it.
  if (error instanceof AbandonedError) return { status: 400, error: error.message };
  if (error instanceof IncompleteError) {
    log().warn({ status: 503 }, error.message);
    return { status: 503, error: `metrics: must be of all processes, got ${error.message}; ask again` };
  }
  if (error instanceof HttpError) {
    if (error.statusCode === 429) busyLog.tell(log(), error.message);
    return { status: error.statusCode, error: error.message, headers: error.headers };
  }
  if (error instanceof InvalidInputError) return { status: 400, error: error.message };
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { status: error.statusCode, error: `request: is malformed, got ${error.message}; correct it` };
  }
  log().error({ err: error }, 'the prediction failed');
  return {
    status: 500,
    error: `model: the prediction failed, got ${error.name}; look at the server's log for request ${id}`,
  };
}
