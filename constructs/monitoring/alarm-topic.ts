import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
    this.letAlarmsPublish();
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }

  /**
   * A topic without a policy takes whatever its account publishes. One that asks for TLS has a policy, and then CloudWatch
   * may publish only if the policy says so.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
   */
  private letAlarmsPublish(): void {
    const stack = Stack.of(this);
    const alarms = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: '*',
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': alarms } },
      }),
    );
  }
}
