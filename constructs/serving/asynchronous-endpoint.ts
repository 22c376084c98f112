import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  containerSettings,
  type InstanceEndpointProps,
  instanceDefaults,
  instanceVariant,
  variantSettings,
  volumeKey,
} from './instance-variant';
import { ServingEndpoint } from './serving-endpoint';

export interface AsynchronousEndpointProps extends InstanceEndpointProps {
  /** S3 prefix that answers go to. */
  readonly outputUri: string;
  /** S3 prefix that failures are described below. */
  readonly failureUri: string;
  /** Hears of every answer; its publisher is the execution role of the model. */
  readonly successTopic: ITopic;
  readonly errorTopic: ITopic;
  /** Requests that one instance works on at a time, 1 to 1000. @default - SageMaker chooses */
  readonly maxConcurrentInvocationsPerInstance?: number;
}

/**
 * An asynchronous endpoint: requests of up to 1 GB wait in a queue, for up to an hour of work each, and answers go to S3.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export class AsynchronousEndpoint extends ServingEndpoint {
  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: AsynchronousEndpointProps) {
    const { outputUri, failureUri, successTopic, errorTopic, maxConcurrentInvocationsPerInstance, key } = props;
    const live = variantSettings(props);
    super(scope, id, {
      ...props,
      ...instanceDefaults(props),
      settings: {
        mode: 'asynchronous',
        ...containerSettings([props.model]),
        variants: [live],
        shadowVariants: [],
        capturePercent: 0,
        asynchronous: { outputUri, maxConcurrentInvocationsPerInstance },
      },
      config: {
        productionVariants: [instanceVariant(live, props.model)],
        ...volumeKey([props.instanceType], key),
        asyncInferenceConfig: {
          outputConfig: {
            s3OutputPath: outputUri,
            s3FailurePath: failureUri,
            kmsKeyId: key.keyArn,
            notificationConfig: { successTopic: successTopic.topicArn, errorTopic: errorTopic.topicArn },
          },
          ...(maxConcurrentInvocationsPerInstance !== undefined && {
            clientConfig: { maxConcurrentInvocationsPerInstance },
          }),
        },
      },
      takenFromConfig: [],
    });
  }

  protected override get invokeAction(): string {
    return 'sagemaker:InvokeEndpointAsync';
  }
}
