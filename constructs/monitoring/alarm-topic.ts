import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  readonly displayName: string;
  /** Encrypts the messages; its policy has to let CloudWatch and SNS use it. */
  readonly key: IKey;
  /**
   * Each has to confirm by the mail that AWS sends.
   * @default []
   */
  readonly emails?: readonly string[];
}

/** Where alarms and releases are reported. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { displayName, key, emails = [] }: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Resource', { displayName, masterKey: key, enforceSSL: true });
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }
}
