import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { QueuedRequest } from './queued-request';

/** What became of a request. */
export interface Outcome {
  readonly status: 'Completed' | 'Failed' | 'Expired';
  /** Why it failed. */
  readonly reason?: string;
  /** What the model answered; absent if it didn't. */
  readonly response?: { readonly contentType?: string; readonly body: Buffer };
}

/** A larger answer isn't part of a notification. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceNotificationConfig.html */
const LARGEST_RESPONSE = 128 * 1024;

/** Sent to both topics when an endpoint is created. @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint.html */
export const TEST_NOTIFICATION: JsonObject = {
  eventVersion: '1.0',
  eventSource: 'aws:sagemaker',
  eventName: 'TestNotification',
};

/**
 * The topic that hears of a request's end, and what it hears.
 * @returns undefined if no topic was named for it
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
 */
export function notification(
  { region, now }: Pick<Context, 'region' | 'now'>,
  request: QueuedRequest,
  { status, reason, response }: Outcome,
): { readonly topic: string; readonly message: JsonObject } | undefined {
  const { SuccessTopic, ErrorTopic, IncludeInferenceResponseIn = [] } = request.notification ?? {};
  const succeeded = status === 'Completed';
  const topic = succeeded ? SuccessTopic : ErrorTopic;
  if (topic === undefined || topic === '') return undefined;
  const included = IncludeInferenceResponseIn.includes(
    succeeded ? 'SUCCESS_NOTIFICATION_TOPIC' : 'ERROR_NOTIFICATION_TOPIC',
  );
  const { accept, contentType, customAttributes, endpointName, inputLocation, inferenceId, receivedTime } = request;
  const message = {
    awsRegion: region,
    eventTime: now().toISOString(),
    receivedTime,
    invocationStatus: status,
    ...(reason !== undefined && { failureReason: reason }),
    requestParameters: {
      ...(accept !== undefined && { accept }),
      ...(contentType !== undefined && { contentType }),
      ...(customAttributes !== undefined && { customAttributes }),
      endpointName,
      inputLocation,
    },
    ...responseParameters(request, succeeded, response),
    ...(included && response && response.body.length <= LARGEST_RESPONSE && { responseBody: bodyOf(response.body) }),
    inferenceId,
    eventVersion: '1.0',
    eventSource: 'aws:sagemaker',
    eventName: 'InferenceResult',
  };
  return { topic, message };
}

function responseParameters(request: QueuedRequest, succeeded: boolean, response: Outcome['response']): JsonObject {
  const { outputLocation, failureLocation } = request;
  const parameters = {
    ...(response?.contentType !== undefined && { contentType: response.contentType }),
    ...(succeeded && outputLocation !== undefined && { outputLocation }),
    ...(!succeeded && failureLocation !== undefined && { failureLocation }),
  };
  return Object.keys(parameters).length === 0 ? {} : { responseParameters: parameters };
}

function bodyOf(body: Buffer): JsonObject {
  const text = body.toString('utf8');
  return Buffer.from(text).equals(body)
    ? { content: text, encoding: 'UTF-8' }
    : { content: body.toString('base64'), encoding: 'BASE64' };
}
