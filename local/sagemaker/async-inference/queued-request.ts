import { randomUUID } from 'node:crypto';
import type { AsyncInferenceConfig, AsyncInferenceNotificationConfig } from '@aws-sdk/client-sagemaker';
import type { JsonObject } from '../../../core/json';
import type { AsyncInvocation } from '../api/async-invocation';
import { ServiceError } from '../service-error';
import { parseS3Uri } from '../storage/s3-uri';

/** An asynchronous invocation as it waits on disk: all that is needed to answer it, whatever the endpoint becomes. */
export interface QueuedRequest {
  /** Of the output's name. */
  readonly id: string;
  readonly inferenceId: string;
  readonly endpointName: string;
  readonly inputLocation: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly customAttributes?: string;
  /** ISO time. */
  readonly receivedTime: string;
  /** In the queue, from `receivedTime` on. */
  readonly ttlSeconds: number;
  readonly timeoutSeconds: number;
  readonly outputLocation?: string;
  readonly failureLocation?: string;
  readonly notification?: AsyncInferenceNotificationConfig;
}

/** Bounds and defaults. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html */
const TTL_SECONDS = { least: 60, most: 21_600, fallback: 21_600 };
const TIMEOUT_SECONDS = { least: 1, most: 3_600, fallback: 900 };
const LONGEST_INFERENCE_ID = 64;
const LONGEST_NAME = 1_024;

/**
 * What is put into the queue.
 * @param config AsyncInferenceConfig of the endpoint that takes it
 * @throws ServiceError ValidationError
 */
export function queuedRequest(invocation: AsyncInvocation, config: JsonObject, now: Date): QueuedRequest {
  const { endpointName, inputLocation, contentType, accept, customAttributes } = invocation;
  const { OutputConfig } = config as unknown as AsyncInferenceConfig;
  requireObject(inputLocation);
  const id = randomUUID();
  const inferenceId = invocation.inferenceId ?? randomUUID();
  if (inferenceId.length < 1 || inferenceId.length > LONGEST_INFERENCE_ID)
    throw invalid(`InferenceId: must have 1 to ${LONGEST_INFERENCE_ID} characters, got ${inferenceId.length}`);
  const filename = nameOf('Filename', invocation.filename) ?? `${id}.out`;
  const extension = nameOf('S3OutputPathExtension', invocation.outputPathExtension)?.split('/').filter(Boolean) ?? [];
  const below = (path: string | undefined, name: string) =>
    path === undefined ? undefined : `${path.replace(/\/+$/, '')}/${name}`;
  return {
    id,
    inferenceId,
    endpointName,
    inputLocation,
    contentType,
    accept,
    customAttributes,
    receivedTime: now.toISOString(),
    ttlSeconds: seconds('RequestTTLSeconds', invocation.requestTtlSeconds, TTL_SECONDS),
    timeoutSeconds: seconds('InvocationTimeoutSeconds', invocation.invocationTimeoutSeconds, TIMEOUT_SECONDS),
    outputLocation: below(OutputConfig?.S3OutputPath, [...extension, filename].join('/')),
    failureLocation: below(OutputConfig?.S3FailurePath, `${id}-error.out`),
    notification: OutputConfig?.NotificationConfig,
  };
}

/** Part of a key. @throws ServiceError ValidationError */
function nameOf(member: string, value: string | undefined): string | undefined {
  if (value === undefined || (/[^/]/.test(value) && value.length <= LONGEST_NAME)) return value;
  throw invalid(
    `${member}: must have 1 to ${LONGEST_NAME} characters and name something, got ${JSON.stringify(value)}`,
  );
}

function requireObject(inputLocation: string): void {
  try {
    if (parseS3Uri(inputLocation).key !== '') return;
  } catch {
    // Told below.
  }
  throw invalid(`InputLocation: must be s3://bucket/key, got ${inputLocation}`);
}

function seconds(name: string, value: number | undefined, bounds: typeof TTL_SECONDS): number {
  const { least, most, fallback } = bounds;
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(`${name}: must be a whole number from ${least} to ${most}, got ${value}`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
