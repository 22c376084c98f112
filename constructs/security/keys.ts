import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { allow } from './allow';

export interface KeysProps {
  /** What becomes of the keys when their stack is deleted. A key that goes takes all that it encrypted with it. */
  readonly removalPolicy: RemovalPolicy;
}

/** One key a purpose, so that whoever may read data can't read evidence, and a deleted key takes one kind of thing only. */
export class Keys extends Construct {
  /** Lake zones, model artefacts, volumes of jobs and endpoints. */
  readonly data: Key;
  /** Records of releases. */
  readonly evidence: Key;
  /** Logs, topics and queues. */
  readonly operations: Key;

  constructor(scope: Construct, id: string, { removalPolicy }: KeysProps) {
    super(scope, id);
    const key = (name: string, description: string) =>
      new Key(this, name, { description, enableKeyRotation: true, removalPolicy });
    this.data = key('Data', 'Data lake, model artefacts and the volumes of jobs and endpoints');
    this.evidence = key('Evidence', 'Evidence of releases');
    this.operations = key('Operations', 'Logs, topics and queues');
    this.letServicesUse(this.operations);
  }

  /** Lets a role have SageMaker encrypt the volumes of jobs with the key of data: SageMaker does it by a grant on the key. */
  grantEncryptVolumes(grantee: IGrantable): Grant {
    return allow(grantee, { actions: ['kms:CreateGrant', 'kms:DescribeKey'], resources: [this.data.keyArn] });
  }

  /** Services encrypt logs and messages in their own name, so only the key's policy can let them. */
  private letServicesUse(key: Key): void {
    const { account, region, partition } = Stack.of(this);
    const usage = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogsOfThisAccount',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [...usage, 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: usage,
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        // Neither service tells KMS on whose behalf it asks: with a condition on the account every message is lost.
        sid: 'EventsAndTopics',
        principals: ['events', 'sns'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: usage,
        resources: ['*'],
      }),
    );
  }
}
