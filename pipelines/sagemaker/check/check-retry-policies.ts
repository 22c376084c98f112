import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import type { RetryPolicyDefinition, StepDefinition } from '../definition';
import { JOB_EXCEPTIONS, STEP_EXCEPTIONS } from '../retry-policy';
import { type StepType, WITHOUT_JOB } from '../step-types';

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html */
export function checkRetryPolicies({ Name, Type, RetryPolicies }: StepDefinition, faults: Faults): void {
  if (!Array.isArray(RetryPolicies)) return;
  const runsJob = !(WITHOUT_JOB as readonly StepType[]).includes(Type);
  const claimed = new Set<string>();
  for (const [index, policy] of (RetryPolicies as readonly RetryPolicyDefinition[]).entries()) {
    const where = `${Name}.RetryPolicies[${index}]`;
    if (typeof policy === 'object' && policy !== null) {
      checkBounds(policy, where, faults);
      if (Array.isArray(policy.ExceptionType)) checkExceptions(policy, runsJob, claimed, where, faults);
    }
  }
}

function checkBounds(policy: RetryPolicyDefinition, where: string, faults: Faults): void {
  const { MaxAttempts, ExpireAfterMin, IntervalSeconds = 1, BackoffRate = 2 } = policy;
  if ((MaxAttempts === undefined) === (ExpireAfterMin === undefined)) {
    const got = MaxAttempts === undefined ? 'neither' : 'both';
    faults.add(where, `has either MaxAttempts or ExpireAfterMin, got ${got}`, 'give one of the two');
  }
  requireWhole(`${where}.MaxAttempts`, MaxAttempts, 1, 20, faults);
  requireWhole(`${where}.ExpireAfterMin`, ExpireAfterMin, 1, 14_400, faults);
  requireWhole(`${where}.IntervalSeconds`, IntervalSeconds, 0, 43_200, faults);
  if (!(BackoffRate >= 0))
    faults.add(`${where}.BackoffRate`, `must not be negative, got ${BackoffRate}`, 'write 1 or more');
}

function requireWhole(where: string, value: number | undefined, min: number, max: number, faults: Faults): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  faults.add(where, `must be a whole number from ${min} to ${max}, got ${value}`, 'correct it');
}

function checkExceptions(
  { ExceptionType }: RetryPolicyDefinition,
  runsJob: boolean,
  claimed: Set<string>,
  where: string,
  faults: Faults,
): void {
  const known: readonly string[] = runsJob ? [...STEP_EXCEPTIONS, ...JOB_EXCEPTIONS] : STEP_EXCEPTIONS;
  if (ExceptionType.length === 0)
    faults.add(
      `${where}.ExceptionType`,
      'must hold at least one exception, got none',
      `add one of ${known.join(', ')}`,
    );
  for (const [index, exception] of ExceptionType.entries()) {
    const at = `${where}.ExceptionType[${index}]`;
    if (!known.includes(exception))
      faults.add(at, `must be one of ${known.join(', ')}, got ${show(exception)}`, 'choose one of them');
    else if (claimed.has(exception))
      faults.add(at, `an exception stands in one policy only, got ${exception} again`, 'take it out of one of them');
    claimed.add(exception);
  }
}
