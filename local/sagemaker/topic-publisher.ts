/** Sends messages to topics of SNS. */
export interface TopicPublisher {
  /** @throws if the topic isn't there, or can't be reached */
  publish(topicArn: string, message: string): Promise<void>;
}
