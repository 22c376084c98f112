import { status as Status } from '@grpc/grpc-js';
import { InvalidInputError } from '../../core/invalid-input-error';
import { AbandonedError } from '../batching/batcher';

/** An answer that isn't OK. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';

  constructor(
    readonly code: Status,
    where: string,
    problem: string,
    fix: string,
  ) {
    super(`${where}: ${problem}; ${fix}`);
  }
}

/** The status for whatever a call threw. */
export function statusOf(error: unknown): Status {
  if (error instanceof GrpcError) return error.code;
  if (error instanceof InvalidInputError) return Status.INVALID_ARGUMENT;
  return error instanceof AbandonedError ? Status.CANCELLED : Status.INTERNAL;
}

/** What HTTP says in its place, so that one query of the metrics watches both. */
export function httpStatusOf(status: Status): number {
  switch (status) {
    case Status.OK:
      return 200;
    case Status.NOT_FOUND:
      return 404;
    case Status.RESOURCE_EXHAUSTED:
      return 429;
    case Status.UNAVAILABLE:
      return 503;
    case Status.INTERNAL:
      return 500;
    default:
      return 400;
  }
}
