import { status as Status } from '@grpc/grpc-js';
import { InvalidInputError } from '../../core/invalid-input-error';
import { AbandonedError } from '../batching/batcher';
import { HttpError } from '../http/http-error';

const BY_HTTP_STATUS: Readonly<Record<number, Status>> = {
  400: Status.INVALID_ARGUMENT,
  404: Status.NOT_FOUND,
  408: Status.DEADLINE_EXCEEDED,
  413: Status.RESOURCE_EXHAUSTED,
  429: Status.RESOURCE_EXHAUSTED,
  503: Status.UNAVAILABLE,
};

/** The status for whatever a call threw. */
export function grpcStatusOf(error: unknown): Status {
  if (error instanceof AbandonedError) return Status.CANCELLED;
  return BY_HTTP_STATUS[httpStatusOf(error)] ?? Status.INTERNAL;
}

/** What HTTP says in its place, so that one query of the metrics watches both. */
export function httpStatusOf(error: unknown): number {
  if (error instanceof HttpError) return error.statusCode;
  return error instanceof InvalidInputError || error instanceof AbandonedError ? 400 : 500;
}
