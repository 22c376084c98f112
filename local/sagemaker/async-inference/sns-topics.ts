import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { TopicPublisher } from '../topic-publisher';

/** Topics of SNS, by the SDK. */
export class SnsTopics implements TopicPublisher {
  constructor(private readonly client: SNSClient) {}

  async publish(topicArn: string, message: string): Promise<void> {
    await this.client.send(new PublishCommand({ TopicArn: topicArn, Message: message }));
  }
}
