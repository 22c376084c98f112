import { InvalidInputError } from '../../core/invalid-input-error';

/** The body as a whole is wrong. */
export function bodyFault(problem: string, fix: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError('body', problem, fix, { cause });
}
