import type { Compute, Retry } from '../definition';
import type { ComputeOptions, JobOptions, RetryOptions, StepOptions } from './options';

/** The members that every step has. */
export function base(name: string, { displayName, dependsOn = [] }: StepOptions) {
  return { name, dependsOn: dependsOn.map((step) => step.name), ...(displayName !== undefined && { displayName }) };
}

/** The members that every step that runs machines has. */
export function job(name: string, options: JobOptions) {
  const { image, cacheDays = 0 } = options;
  return {
    ...base(name, options),
    compute: compute(options.compute),
    cacheDays,
    retry: retry(options.retry),
    ...(image !== undefined && { image }),
  };
}

export function retry({ attempts = 5, capacityMinutes = 240 }: RetryOptions = {}): Retry {
  return { attempts, capacityMinutes };
}

function compute({ instanceType, instanceCount = 1, volumeGb = 30, maxRuntimeMinutes = 60 }: ComputeOptions): Compute {
  return { instanceType, instanceCount, volumeGb, maxRuntimeMinutes };
}
