import type { JsonObject } from '../../core/json';

/**
 * An error that the service answers, under the code that SDKs know.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  /** @param details further members of the error, for example `OriginalStatusCode` of a ModelError */
  constructor(
    readonly code:
      | 'ValidationException'
      | 'SerializationException'
      | 'ResourceNotFound'
      | 'ResourceInUse'
      | 'ResourceLimitExceeded'
      | 'ConflictException'
      | 'UnknownOperationException'
      | 'ModelError'
      | 'ModelNotReadyException'
      | 'ThrottlingException'
      | 'ValidationError'
      | 'InternalFailure'
      | 'ServiceUnavailable'
      | 'ObjectNotFoundException'
      | 'InvalidNextTokenException',
    message: string,
    readonly statusCode: number = 400,
    readonly details: JsonObject = {},
  ) {
    super(message);
  }
}
