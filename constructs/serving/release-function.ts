import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow } from '../security/allow';
import { entryPoint, handlerCode, type ReleaseHandler } from './handler-code';

/** Of a function that a queue calls. */
export const QUEUED_TIMEOUT = Duration.seconds(30);
/** SQS hands a message out again after this long; AWS asks for six times the function's timeout. */
export const VISIBILITY = Duration.minutes(3);

export interface ReleaseFunctionProps {
  readonly handler: ReleaseHandler;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  /** Encrypts the log. */
  readonly logKey: IKey;
  /** Takes events that failed three times, when the function is called asynchronously. @default - none */
  readonly deadLetterQueue?: IQueue;
  /** @default RetentionDays.ONE_YEAR */
  readonly logRetention?: RetentionDays;
}

/** One of the handlers of a release, with a log and a role that can write to it. */
export class ReleaseFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: ReleaseFunctionProps) {
    super(scope, id);
    const { logRetention = RetentionDays.ONE_YEAR } = props;
    const logGroup = new LogGroup(this, 'Log', {
      retention: logRetention,
      encryptionKey: props.logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    allow(role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
      because: 'The streams of one log group',
    });
    this.function = new LambdaFunction(this, 'Resource', {
      description: `${Stack.of(this).stackName}: ${props.handler}`,
      code: handlerCode(),
      handler: entryPoint(props.handler),
      runtime: Runtime.NODEJS_24_X,
      // Shares of the processor come with memory: less makes the SDK start slowly.
      memorySize: 512,
      timeout: props.timeout,
      environment: { ...props.environment },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      deadLetterQueue: props.deadLetterQueue,
    });
  }
}
