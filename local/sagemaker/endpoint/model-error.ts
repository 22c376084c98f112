import type { Context } from '../context';
import { ServiceError } from '../service-error';

/** As much of a model's own message as an error repeats. */
const LONGEST_MESSAGE = 4_096;

export interface ModelErrorProps {
  readonly context: Pick<Context, 'account' | 'region'>;
  readonly endpointName: string;
  readonly variantName: string;
  readonly instance: string;
  /** File with what the instance wrote. */
  readonly log: string;
  /** Status of the model server's answer; 0 if there was none. */
  readonly statusCode: number;
  readonly message: string;
}

/**
 * What InvokeEndpoint answers when the model fails, worded as the service does, since clients take it apart; only that
 * the log is a file here.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export function modelError({
  context,
  endpointName,
  variantName,
  instance,
  log,
  statusCode,
  message,
}: ModelErrorProps): ServiceError {
  const { account, region } = context;
  const whose = statusCode >= 400 && statusCode < 500 ? 'client' : 'server';
  const said = message.slice(0, LONGEST_MESSAGE);
  return new ServiceError(
    'ModelError',
    `Received ${whose} error (${statusCode}) from primary with message "${said}". ` +
      `See ${log} in account ${account} for more information.`,
    424,
    {
      OriginalStatusCode: statusCode,
      OriginalMessage: said,
      LogStreamArn: `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/${endpointName}:log-stream:${variantName}/${instance}`,
    },
  );
}

export const TIMED_OUT =
  'Your invocation timed out while waiting for a response from container primary. ' +
  'Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';
