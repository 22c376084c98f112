/** What retry policies tell apart. */
export type ExceptionType =
  | 'Step.SERVICE_FAULT'
  | 'Step.THROTTLING'
  | 'SageMaker.JOB_INTERNAL_ERROR'
  | 'SageMaker.CAPACITY_ERROR'
  | 'SageMaker.RESOURCE_LIMIT';

/** Why a step failed. */
export class StepError extends Error {
  override readonly name = 'StepError';

  constructor(
    message: string,
    /** @default - of no type that is ever tried again */
    readonly exceptionType?: ExceptionType,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
