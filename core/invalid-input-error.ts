/**
 * A mistake that the caller can fix. Reads `where: what, got X; do Y`.
 * The command line answers it with exit code 2.
 */
export class InvalidInputError extends Error {
  override readonly name: string = 'InvalidInputError';

  /**
   * @param where a construct path, a config path, a step name or a file
   * @param problem what is wrong, with the value that was given
   * @param fix what to do about it
   */
  constructor(
    readonly where: string,
    readonly problem: string,
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(`${where}: ${problem}; ${fix}`, options);
  }
}
