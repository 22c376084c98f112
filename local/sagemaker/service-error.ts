/**
 * An error that the service answers, under the code that SDKs know.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    readonly code:
      | 'ValidationException'
      | 'ResourceNotFound'
      | 'ResourceInUse'
      | 'ResourceLimitExceeded'
      | 'ConflictException'
      | 'UnknownOperationException'
      | 'ModelError'
      | 'ValidationError'
      | 'InternalFailure'
      | 'ServiceUnavailable',
    message: string,
    readonly statusCode: number = 400,
  ) {
    super(message);
  }
}
