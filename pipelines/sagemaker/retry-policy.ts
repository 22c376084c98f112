export const STEP_EXCEPTIONS = ['Step.SERVICE_FAULT', 'Step.THROTTLING'] as const;
export const JOB_EXCEPTIONS = [
  'SageMaker.JOB_INTERNAL_ERROR',
  'SageMaker.CAPACITY_ERROR',
  'SageMaker.RESOURCE_LIMIT',
] as const;
export type StepException = (typeof STEP_EXCEPTIONS)[number];
export type JobException = (typeof JOB_EXCEPTIONS)[number];

/**
 * When a step that failed is tried again: up to a number of attempts, or for a time, never both.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html
 */
export type RetryPolicy<E extends StepException | JobException = StepException | JobException> = {
  readonly ExceptionType: readonly E[];
  /** Before the first retry; 0 to 43,200. @default 1 */
  readonly IntervalSeconds?: number;
  /** By what the interval grows from one retry to the next. @default 2 */
  readonly BackoffRate?: number;
} & (
  | {
      /** 1 to 20. */
      readonly MaxAttempts: number;
      readonly ExpireAfterMin?: never;
    }
  | {
      /** 1 to 14,400. */
      readonly ExpireAfterMin: number;
      readonly MaxAttempts?: never;
    }
);
