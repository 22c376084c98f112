import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, type Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RegionInfo } from 'aws-cdk-lib/region-info';
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

  /**
   * Lets EC2 Auto Scaling start nodes of a cluster whose disks are under the key of data, where unpacked models lie. Its role
   * comes with its first use in an account, so a condition names it: KMS refuses a policy with a principal that isn't there.
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   */
  letNodesUse(): void {
    const { account, region, partition, urlSuffix } = Stack.of(this);
    const role = 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
    const by = {
      StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `ec2.${region}.${urlSuffix}` },
      ArnEquals: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/${role}` },
    };
    const principals = [new AnyPrincipal()];
    this.data.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DisksOfNodes',
        principals,
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: by,
      }),
    );
    this.data.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AttachDisksOfNodes',
        principals,
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: { ...by, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
  }

  /** Services encrypt logs and messages in their own name, so only the key's policy can let them. */
  private letServicesUse(key: Key): void {
    const { account, region, partition, urlSuffix } = Stack.of(this);
    // Of these services, only Logs has the domain of the partition in its name.
    const domain = RegionInfo.get(region).domainSuffix ?? urlSuffix;
    const usage = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogsOfThisAccount',
        principals: [new ServicePrincipal(`logs.${region}.${domain}`)],
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
