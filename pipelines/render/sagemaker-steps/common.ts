import type { Compute, Retry, Runtime, Step } from '../../definition';
import type { RetryPolicy, StepException } from '../../sagemaker/retry-policy';

/** Where the image keeps the scripts. */
const PROGRAM = '/opt/program';

export function scriptPath(script: string): string {
  return `${PROGRAM}/${script}`;
}

/** The options that every step has. */
export function common({ displayName, dependsOn }: Pick<Step, 'displayName' | 'dependsOn'>) {
  return { displayName, dependsOn: dependsOn.map((name) => ({ name })) };
}

export function jobOptions(step: Pick<Step, 'displayName' | 'dependsOn'> & { cacheDays: number; retry: Retry }) {
  return {
    ...common(step),
    cacheFor: step.cacheDays !== 0 ? `P${step.cacheDays}D` : undefined,
    retryPolicies: jobRetry(step.retry),
  };
}

export function serviceRetry({ attempts }: Retry): readonly RetryPolicy<StepException>[] {
  if (attempts === 0) return [];
  return [
    {
      ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'],
      IntervalSeconds: 10,
      BackoffRate: 2,
      MaxAttempts: attempts,
    },
  ];
}

function jobRetry(retry: Retry): readonly RetryPolicy[] {
  const { attempts, capacityMinutes } = retry;
  const policies: RetryPolicy[] = [...serviceRetry(retry)];
  if (attempts !== 0)
    policies.push({
      ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'],
      IntervalSeconds: 60,
      BackoffRate: 2,
      MaxAttempts: attempts,
    });
  if (capacityMinutes !== 0)
    policies.push({
      ExceptionType: ['SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT'],
      IntervalSeconds: 300,
      // Machines come back at any time: ask at a steady pace.
      BackoffRate: 1,
      ExpireAfterMin: capacityMinutes,
    });
  return policies;
}

export function cluster({ instanceType, instanceCount, volumeGb }: Compute, { encryptionKey }: Runtime) {
  return {
    InstanceCount: instanceCount,
    // The service knows its instance types; the SDK's list is of the day when it was built.
    InstanceType: instanceType as never,
    VolumeSizeInGB: volumeGb,
    VolumeKmsKeyId: hasLocalStorage(instanceType) ? undefined : encryptionKey,
  };
}

/**
 * Disks inside a machine are encrypted by the machine; SageMaker refuses a key for them.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
 */
export function hasLocalStorage(instanceType: string): boolean {
  return /^ml\.([a-z]+\d+[a-z]*d[a-z]*|g\d\w*|p[4-9][\w-]*|trn\d\w*|inf\d\w*)\./.test(instanceType);
}

export function stopping({ maxRuntimeMinutes }: Compute) {
  return { MaxRuntimeInSeconds: maxRuntimeMinutes * 60 };
}

export function vpc({ network }: Runtime) {
  return network && { Subnets: network.subnets, SecurityGroupIds: network.securityGroupIds };
}

/** Absent if there is nothing in it: SageMaker's default, and easier to read. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}
