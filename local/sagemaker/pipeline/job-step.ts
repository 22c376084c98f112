import type { Json, JsonObject } from '../../../core/json';
import { JOB_NAME_LIMIT, type JobNoun } from '../job/job-noun';
import type { JobRecord } from '../job/jobs';
import type { AbortReason } from '../job/run-command';
import { text } from '../job/text';
import { unsupported } from '../job/unsupported';
import { type ExceptionType, StepError } from './step-error';
import { type StepAttempt, type StepResult, type StepRunner, StepStopped } from './step-runner';

export interface JobStepProps {
  readonly noun: JobNoun;
  /** Member of the step's metadata that holds the job's ARN. */
  readonly metadata: string;
  readonly cacheKey: readonly string[];
  readonly outputs: (properties: JsonObject) => readonly string[];
  /** Properties beyond what Describe answers. @default - none */
  readonly more?: (attempt: StepAttempt, name: string) => Promise<JsonObject>;
}

/** A step that starts a job and waits for its end. */
export function jobStep(props: JobStepProps): StepRunner {
  const { noun, metadata, cacheKey, outputs } = props;
  return {
    cacheKey,
    outputs,
    unsupported: ({ Arguments }, where) => unsupported(noun, Arguments, where),
    async run(attempt): Promise<StepResult> {
      const request = (await attempt.resolve(attempt.step.Arguments)) as JsonObject;
      const record = await runJob(attempt, noun, request, (arn) => attempt.started({ [metadata]: { Arn: arn } }));
      return { properties: { ...record, ...(await props.more?.(attempt, text(record[`${noun}Name`]))) } };
    },
  };
}

/**
 * Runs one job to its end.
 * @throws StepError if it can't be started or doesn't complete
 * @throws StepStopped
 */
export async function runJob(
  { call, jobs, signal, name }: StepAttempt,
  noun: JobNoun,
  request: JsonObject,
  started: (arn: string) => void,
): Promise<JobRecord> {
  const jobName = name(JOB_NAME_LIMIT[noun]);
  // Names are the service's affair, as in an account.
  const { [`${noun}Arn`]: arn } = await invoke(call, `Create${noun}`, { ...request, [`${noun}Name`]: jobName });
  started(text(arn));
  const stop = () => {
    // A server that closes ends its jobs itself, in a way that the next server can go on from.
    if (signal.reason !== ('close' satisfies AbortReason)) jobs.stop(noun, jobName);
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const record = await jobs.ended(noun, jobName);
    if (record[`${noun}Status`] === 'Completed') return record;
    if (signal.aborted) throw new StepStopped('the execution was stopped');
    const reason = text(record.FailureReason);
    throw new StepError(
      reason === '' ? `the job ended ${text(record[`${noun}Status`])}` : reason,
      reason.startsWith('InternalServerError') ? 'SageMaker.JOB_INTERNAL_ERROR' : undefined,
    );
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Asks an action on behalf of a step.
 * @throws StepError in the words of SageMaker if the action refuses
 */
export async function invoke(call: StepAttempt['call'], action: string, input: JsonObject): Promise<JsonObject> {
  try {
    return await call(action, input);
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    const type = code === undefined ? undefined : EXCEPTIONS[code];
    const blame = type === 'Step.SERVICE_FAULT' ? 'InternalServerError' : 'ClientError';
    throw new StepError(`${blame}: Failed to invoke sagemaker:${action}. Error Details: ${message}`, type, { cause });
  }
}

/** Which of a service's error codes, or of the operating system's, a retry policy knows. */
const EXCEPTIONS: Readonly<Record<string, ExceptionType>> = {
  InternalFailure: 'Step.SERVICE_FAULT',
  ServiceUnavailable: 'Step.SERVICE_FAULT',
  ECONNREFUSED: 'Step.SERVICE_FAULT',
  ECONNRESET: 'Step.SERVICE_FAULT',
  ETIMEDOUT: 'Step.SERVICE_FAULT',
  ThrottlingException: 'Step.THROTTLING',
  ResourceLimitExceeded: 'SageMaker.RESOURCE_LIMIT',
};

export function outputUris({ ProcessingOutputConfig }: JsonObject): string[] {
  const { Outputs = [] } = (ProcessingOutputConfig ?? {}) as { Outputs?: readonly Json[] };
  return (Outputs as readonly JsonObject[]).flatMap(({ S3Output }) => {
    const uri = text((S3Output as JsonObject | undefined)?.S3Uri);
    return uri === '' ? [] : [uri];
  });
}
