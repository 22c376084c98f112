import { InvalidInputError } from '../core/invalid-input-error';

/** What a command tells the shell. */
export const EXIT = { done: 0, failed: 1, invalidInput: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** 2 when the user's input was wrong, 1 for everything else that went wrong. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof InvalidInputError ? EXIT.invalidInput : EXIT.failed;
}
