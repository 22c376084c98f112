import { Metadata, status as Status, type StatusObject } from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import type { BusyLog } from '../http/busy-log';
import { HttpError } from '../http/http-error';
import type { ModelAppProps } from '../http/model-app';
import { inferHandler } from '../metrics/server-metrics';
import { grpcStatusOf, httpStatusOf } from './grpc-status';

export interface CallStatusProps extends Pick<ModelAppProps, 'metrics' | 'settings'> {
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>;
  readonly busyLog: BusyLog;
}

export interface Told {
  /** Of the call. */
  readonly path: string;
  /** By `performance.now()`. */
  readonly begun: number;
  /** The caller's own. @default - none */
  readonly id?: string;
}

/** The end of a call for whatever was thrown: counted, and logged where an operator has to know of it. */
export function callStatus(props: CallStatusProps, error: unknown, { path, begun, id = '' }: Told): StatusObject {
  const { metrics, settings, log, busyLog } = props;
  const code = grpcStatusOf(error);
  const httpStatus = httpStatusOf(error);
  metrics.observeAnswer(handlerOf(path, settings), 'gRPC', httpStatus, (performance.now() - begun) / 1000);
  const { message, name } = error as Error;
  if (code === Status.INTERNAL) log.error({ err: error, reqId: id.slice(0, 128) }, 'the prediction failed');
  if (httpStatus === 429) busyLog.tell(log, message);
  const metadata = new Metadata();
  if (error instanceof HttpError) for (const [key, value] of Object.entries(error.headers)) metadata.set(key, value);
  const details =
    code === Status.INTERNAL ? `model: the prediction failed, got ${name}; look at the server's log` : message;
  return { code, details, metadata };
}

/** What a call counts as in the metrics. */
export function handlerOf(path: string, { modelName }: Pick<ModelAppProps['settings'], 'modelName'>): string {
  return path.endsWith('/ModelInfer') ? inferHandler(modelName) : path;
}
