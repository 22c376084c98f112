import type { RetryPolicy } from './definition';
import type { ExceptionType } from './step-error';

const DEFAULT_INTERVAL_SECONDS = 1;
const DEFAULT_BACKOFF_RATE = 2;
const DEFAULT_ATTEMPTS = 5;
const MINUTE = 60_000;

/**
 * How long to wait before a step is tried again.
 * @param retries of the step so far
 * @param elapsedMs since the step's first attempt began
 * @returns milliseconds, undefined if it isn't tried again
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html
 */
export function retryDelayMs(
  policies: readonly RetryPolicy[],
  exceptionType: ExceptionType | undefined,
  retries: number,
  elapsedMs: number,
): number | undefined {
  const policy = policies.find(
    ({ ExceptionType }) => exceptionType !== undefined && ExceptionType.includes(exceptionType),
  );
  if (!policy) return undefined;
  const {
    IntervalSeconds = DEFAULT_INTERVAL_SECONDS,
    BackoffRate = DEFAULT_BACKOFF_RATE,
    MaxAttempts,
    ExpireAfterMin,
  } = policy;
  const delay = IntervalSeconds * 1000 * BackoffRate ** retries;
  if (ExpireAfterMin !== undefined) return elapsedMs + delay <= ExpireAfterMin * MINUTE ? delay : undefined;
  return retries < (MaxAttempts ?? DEFAULT_ATTEMPTS) ? delay : undefined;
}
