import { userInfo } from 'node:os';
import { InvalidInputError } from '../../core/invalid-input-error';

/** What SageMaker takes as a value of a model package's metadata, where an approval's name goes. */
const NAME = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

/**
 * The name that a decision is recorded under. It is what the person says; the identity that AWS saw stands in its audit
 * trail.
 * @param by from the command line
 * @param user of the operating system
 * @throws InvalidInputError if SageMaker wouldn't keep the name
 */
export function personName(by: string | undefined, user: () => string): string {
  const name = (by ?? user()).trim();
  if (NAME.test(name)) return name;
  throw new InvalidInputError(
    '--by',
    `must be 1 to 256 letters, digits, spaces and _.:/=+-@, got ${JSON.stringify(name)}`,
    'give the name of whoever decides',
  );
}

/** @returns empty if the system doesn't know who runs it, as in some containers */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
