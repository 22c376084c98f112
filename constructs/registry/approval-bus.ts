import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { registryBusName } from '../../core/names';
import { STATE_CHANGE } from './approval-forwarding';
import type { SourceRegistry } from './source-registry';

export interface ApprovalBusProps {
  readonly environmentName: string;
  readonly source: SourceRegistry;
}

/**
 * Where an environment hears of approvals in another account's registry. Nobody but rules can send events that begin
 * with `aws.`, so that these are SageMaker's.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-cross-account-custom-bus-source.html
 */
export class ApprovalBus extends Construct {
  constructor(scope: Construct, id: string, { environmentName, source }: ApprovalBusProps) {
    super(scope, id);
    const bus = new EventBus(this, 'Resource', {
      eventBusName: registryBusName(environmentName),
      description: `Approvals in the registry of ${source.environmentName}`,
    });
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ApprovalsOfTheRegistry',
        principals: [new AccountPrincipal(source.account)],
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        conditions: {
          'ForAllValues:StringEquals': {
            'events:source': STATE_CHANGE.source,
            'events:detail-type': STATE_CHANGE.detailType,
          },
        },
      }),
    );
  }
}
