import { InvalidInputError } from '../../core/invalid-input-error';

/** SageMaker's limit for an ApprovalDescription. */
const LONGEST = 1024;

/** @throws InvalidInputError unless it is one line of 1 to 1024 characters */
export function parseReason(text: string): string {
  const reason = text.trim();
  if (reason !== '' && reason.length <= LONGEST && !/[\r\n]/.test(reason)) return reason;
  throw new InvalidInputError(
    '--reason',
    `must be one line of 1 to ${LONGEST} characters, got ${reason.length > LONGEST ? reason.length : JSON.stringify(text)}`,
    'say in a sentence why',
  );
}
