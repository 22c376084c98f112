import { Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { RegistryConsumer } from '../../config/registry';
import { modelName, pascalCase, registryBusName } from '../../core/names';
import { AlarmTopic } from '../monitoring/alarm-topic';
import { deadLetterAlarm } from '../monitoring/dead-letter-alarm';
import { deadLetterQueue } from '../monitoring/dead-letter-queue';
import { allow } from '../security/allow';

export interface ApprovalForwardingProps {
  readonly environmentName: string;
  /** Environments of other accounts. */
  readonly consumers: readonly RegistryConsumer[];
  /** Encrypts what is told; its policy has to let CloudWatch and SNS use it. */
  readonly topicKey: IKey;
  /** Whom to tell when an approval could not be delivered. */
  readonly emails: readonly string[];
}

/** Of an approval, and of an approval that is taken back: what SageMaker says of every version. */
export const STATE_CHANGE = {
  source: 'aws.sagemaker',
  detailType: 'SageMaker Model Package State Change',
} as const;

/**
 * Tells other accounts that versions of their models were approved here, on the event bus that each has for it.
 * EventBridge tries for a day; after that somebody has to be told, for nobody there hears of the approval.
 */
export class ApprovalForwarding extends Construct {
  constructor(scope: Construct, id: string, props: ApprovalForwardingProps) {
    super(scope, id);
    const { environmentName, consumers, topicKey, emails } = props;
    const undelivered = deadLetterQueue(
      this,
      'Undelivered',
      'It is the dead-letter queue itself, of the rules below; an alarm watches it',
    );
    const buses = consumers.map((consumer) => ({ consumer, bus: this.busOf(consumer) }));
    const role = new Role(this, 'Role', {
      description: 'Tells other accounts of approvals',
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    allow(role, { actions: ['events:PutEvents'], resources: buses.map(({ bus }) => bus.eventBusArn) });
    for (const { consumer, bus } of buses) {
      for (const model of consumer.models) {
        new Rule(this, `To${pascalCase(consumer.environmentName)}-${model}`, {
          description: `A version of ${model} was approved, which ${consumer.environmentName} may release`,
          eventPattern: {
            source: [STATE_CHANGE.source],
            detailType: [STATE_CHANGE.detailType],
            detail: {
              ModelPackageGroupName: [modelName(environmentName, model)],
              ModelApprovalStatus: ['Approved'],
            },
          },
          targets: [new BusTarget(bus, { role, deadLetterQueue: undelivered })],
        });
      }
    }
    const { topic } = new AlarmTopic(this, 'AlarmTopic', {
      displayName: `${environmentName} registry`,
      key: topicKey,
      emails,
    });
    deadLetterAlarm(this, 'NotDelivered', {
      queue: undelivered,
      alarmDescription: `${environmentName}: another account was not told of an approval; see docs/guide/shared-registry.md`,
      alarmAction: new SnsAction(topic),
    });
  }

  private busOf({ environmentName, account }: RegistryConsumer): ReturnType<typeof EventBus.fromEventBusArn> {
    const arn = Stack.of(this).formatArn({
      service: 'events',
      account,
      resource: 'event-bus',
      resourceName: registryBusName(environmentName),
    });
    return EventBus.fromEventBusArn(this, `BusOf${pascalCase(environmentName)}`, arn);
  }
}
