/** The name by which an SDK tells its errors apart. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** SageMaker says "not there" in several ways. */
export function isMissing(error: unknown): boolean {
  const name = errorName(error);
  if (['ResourceNotFound', 'ParameterNotFound', 'NoSuchKey', 'NotFound'].includes(name)) return true;
  // CloudFormation's has no "Exception" at its end.
  return (
    ['ValidationException', 'ValidationError'].includes(name) &&
    /could not find|does not exist|not found/i.test(errorMessage(error))
  );
}

/** S3's answer when somebody else was faster. */
export function isLostRace(error: unknown): boolean {
  return ['PreconditionFailed', 'ConditionalRequestConflict'].includes(errorName(error));
}

/** Undefined instead of an error when there is no such thing. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
