import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Where messages go that could not be delivered or handled; they are kept as long as SQS keeps any.
 * @param unseen why cdk-nag doesn't see that it is such a queue; left out where a queue of the stack names it
 */
export function deadLetterQueue(scope: Construct, id: string, unseen?: string): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  if (unseen) Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: unseen });
  return queue;
}
