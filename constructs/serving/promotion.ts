import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunctionConstruct } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  championPrefix,
  MISMATCH_METRIC,
  modelName,
  RELEASE_METRICS,
  registryBusName,
  releaseDimensions,
} from '../../core/names';
import type { ApprovalPolicy } from '../../core/release/approval/approval-policy';
import { approvalPrefix } from '../../core/release/approval/approval-record';
import { releasePrefix } from '../../core/release/evidence';
import { deadLetterAlarm } from '../monitoring/dead-letter-alarm';
import { deadLetterQueue } from '../monitoring/dead-letter-queue';
import { STATE_CHANGE } from '../registry/approval-forwarding';
import type { RegisteredModel } from '../registry/registered-model';
import { allow } from '../security/allow';
import type { DataLake } from '../storage/data-lake';
import { QUEUED_TIMEOUT, ReleaseFunction, VISIBILITY } from './release-function';
import type { ReleaseRole } from './release-role';
import { stackParameterArns } from './stack-inputs';

export interface PromotionProps {
  readonly environmentName: string;
  readonly modelName: string;
  readonly registered: RegisteredModel;
  readonly lake: DataLake;
  readonly releaseRole: ReleaseRole;
  /** Who has to say yes, and for how long it counts. */
  readonly approval: ApprovalPolicy;
  /** Whether pipelines compare new versions with the one that serves. @default false */
  readonly keepsChampion?: boolean;
  /** The longest that a rollout may take: an approval waits for its turn at least twice as long. */
  readonly rolloutLimit: Duration;
  /** Hears of every outcome. */
  readonly topic: ITopic;
  readonly topicKey: IKey;
  /** Encrypts the handlers' logs. */
  readonly logKey: IKey;
  /**
   * Whether an approval is enough. Where a version may go to one of several variants, somebody has to say to which.
   * @default true
   */
  readonly promotesApproved?: boolean;
  /** Hears when an event could not be handled. */
  readonly alarmAction: IAlarmAction;
}

const REVIEW_TIMEOUT = Duration.minutes(5);
/** S3 takes its time for the copy of a champion, and a function has no more. */
const COPY_TIMEOUT = Duration.minutes(15);

/** Stack statuses after which nothing more happens by itself. */
const ENDED = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];

/**
 * From an approval to a verified release: an approved version is promoted by updating this very stack, and when the
 * update has ended its outcome is verified, recorded and told.
 */
export class Promotion extends Construct {
  readonly deadLetters: Queue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PromotionProps,
  ) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    const { promotesApproved = true } = props;
    if (promotesApproved) this.promoteApproved();
    this.reviewStack();
    this.alarmMismatch();
    deadLetterAlarm(this, 'Unhandled', {
      queue: this.deadLetters,
      alarmDescription: `${modelName(props.environmentName, props.modelName)}: an approval or the end of an update could not be handled`,
      alarmAction: props.alarmAction,
    });
  }

  private grantRelease(grantee: IGrantable): void {
    const { environmentName, modelName: model, registered, lake, releaseRole, approval } = this.props;
    const stack = Stack.of(this);
    const prefix = releasePrefix(environmentName, model);
    registered.grantRead(grantee);
    registered.grantRelease(grantee);
    lake.grantReadWrite(grantee, 'evidence', prefix);
    if (approval.people > 1) lake.grantRead(grantee, 'evidence', approvalPrefix(environmentName, model));
    // S3 says that an object isn't there, as before the first release, only to those who may list the bucket. A request
    // for one object has no prefix that a condition could judge.
    allow(grantee, { actions: ['s3:ListBucket'], resources: [lake.buckets.evidence.bucketArn] });
    allow(grantee, {
      actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents', 'cloudformation:GetTemplate'],
      resources: [stackArn(stack)],
      because: 'The id of a stack ends in a random part',
    });
    allow(grantee, {
      actions: ['cloudformation:UpdateStack'],
      resources: [stackArn(stack)],
      // In any other role an update could do anything that the role can.
      conditions: { StringEquals: { 'cloudformation:RoleArn': releaseRole.role.roleArn } },
      because: 'The id of a stack ends in a random part',
    });
    allow(grantee, {
      actions: ['ssm:GetParameters'],
      resources: stackParameterArns(stack, ...registered.releaseParameterNames),
    });
    allow(grantee, {
      actions: ['iam:PassRole'],
      resources: [releaseRole.role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    });
    allow(grantee, {
      actions: ['cloudwatch:DescribeAlarmHistory'],
      resources: [
        stack.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          resourceName: `${stack.stackName}-*`,
        }),
      ],
      because: 'CloudFormation ends the names of alarms in a random part; they begin with that of this stack',
    });
    allow(grantee, {
      actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
      resources: ['*'],
      because: 'Metrics are no resources, and alarms are listed for a whole account',
    });
    const sageMaker = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'sagemaker', resource, resourceName });
    allow(grantee, {
      actions: ['sagemaker:DescribeEndpoint', 'sagemaker:DescribeInferenceComponent'],
      // A component has the name of its endpoint.
      resources: [sageMaker('endpoint', registered.name), sageMaker('inference-component', registered.name)],
    });
    allow(grantee, {
      actions: ['sagemaker:DescribeEndpointConfig', 'sagemaker:DescribeModel'],
      resources: [sageMaker('endpoint-config', '*'), sageMaker('model', '*')],
      because: 'CloudFormation names models and endpoint configs anew at every release',
    });
  }

  private promoteApproved(): void {
    const { registered, rolloutLimit, approval, lake, environmentName, modelName: model } = this.props;
    // Two rollouts one after the other may be ahead of an approval. Standard, not FIFO: order is the handler's business,
    // because events already come in any order.
    const attempts = Math.ceil((2 * rolloutLimit.toSeconds()) / VISIBILITY.toSeconds()) + 5;
    const queue = this.queue('Approvals', {
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: Math.min(attempts, 1000) },
    });
    new Rule(this, 'Approved', {
      description: `A version of ${registered.modelPackageGroupName} was approved`,
      eventBus: registered.source?.isForeign
        ? EventBus.fromEventBusName(this, 'ApprovalBus', registryBusName(environmentName))
        : undefined,
      eventPattern: {
        source: [STATE_CHANGE.source],
        account: registered.source && [registered.source.account],
        detailType: [STATE_CHANGE.detailType],
        detail: {
          ModelPackageGroupName: [registered.modelPackageGroupName],
          // Where several people are asked, a no undoes what others have said before.
          ModelApprovalStatus: approval.people > 1 ? ['Approved', 'Rejected'] : ['Approved'],
        },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: this.deadLetters })],
    });
    const handler = this.function('PromoteApproved', 'model-package-state-change', QUEUED_TIMEOUT);
    if (approval.people > 1) {
      registered.grantTakeBack(handler);
      // Nobody else may write there: who has said yes is not for those to write who want to release.
      lake.grantWrite(handler, 'evidence', approvalPrefix(environmentName, model));
    }
    handler.addEventSource(new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true }));
  }

  private reviewStack(): void {
    const timeout = this.props.keepsChampion ? COPY_TIMEOUT : REVIEW_TIMEOUT;
    const handler = this.function('ReviewStack', 'stack-status-change', timeout, this.deadLetters);
    allow(handler, {
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': RELEASE_METRICS } },
      because: 'Metrics are no resources; the namespace is fixed by the condition',
    });
    if (this.props.keepsChampion) this.letKeepChampion(handler);
    const targets = [new LambdaFunction(handler, { deadLetterQueue: this.deadLetters })];
    new Rule(this, 'StackEnded', {
      description: 'An operation of this stack has ended',
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [Stack.of(this).stackId], 'status-details': { status: ENDED } },
      },
      targets,
    });
    new Rule(this, 'Hourly', {
      description: 'Settles what was left open, and sees that the release still serves',
      schedule: Schedule.rate(Duration.hours(1)),
      targets,
    });
  }

  private letKeepChampion(handler: LambdaFunctionConstruct): void {
    const { lake, modelName: model } = this.props;
    handler.addEnvironment('CHAMPION_BUCKET', lake.buckets.models.bucketName);
    lake.grantRead(handler, 'models', model);
    lake.grantWrite(handler, 'models', championPrefix(model));
    // As with evidence: S3 says that an object isn't there only to those who may list the bucket.
    allow(handler, { actions: ['s3:ListBucket'], resources: [lake.buckets.models.bucketArn] });
  }

  /** Goes off when something else serves than what was released, and stays so until a later look finds it right. */
  private alarmMismatch(): void {
    const { environmentName, modelName: model, alarmAction } = this.props;
    new Alarm(this, 'NotAsReleased', {
      alarmDescription: `${modelName(environmentName, model)}: the endpoint does not have what was released; see docs/runbooks/rollback.md`,
      metric: new Metric({
        namespace: RELEASE_METRICS,
        metricName: MISMATCH_METRIC,
        dimensionsMap: releaseDimensions(environmentName, model),
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // It is looked at every hour and after every update: in between, the last look counts.
      treatMissingData: TreatMissingData.IGNORE,
    }).addAlarmAction(alarmAction);
  }

  private function(
    id: string,
    handler: 'model-package-state-change' | 'stack-status-change',
    timeout: Duration,
    deadLetterQueue?: Queue,
  ): LambdaFunctionConstruct {
    const { environmentName, modelName, registered, lake, releaseRole, topic, topicKey, logKey, approval } = this.props;
    const { source } = registered;
    const { function: made } = new ReleaseFunction(this, id, {
      handler,
      timeout,
      logKey,
      deadLetterQueue,
      environment: {
        ENVIRONMENT: environmentName,
        MODEL: modelName,
        EVIDENCE_BUCKET: lake.buckets.evidence.bucketName,
        RELEASE_ROLE_ARN: releaseRole.role.roleArn,
        TOPIC_ARN: topic.topicArn,
        APPROVAL_PEOPLE: String(approval.people),
        ...(source && { REGISTRY_ENVIRONMENT: source.environmentName, REGISTRY_ACCOUNT: source.account }),
        ...(approval.expiresHours !== undefined && { APPROVAL_EXPIRES_HOURS: String(approval.expiresHours) }),
      },
    });
    this.grantRelease(made);
    allow(made, { actions: ['sns:Publish'], resources: [topic.topicArn] });
    allow(made, { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [topicKey.keyArn] });
    return made;
  }

  /** Messages name packages and stacks, nothing secret: SQS's own encryption will do, and needs no key for EventBridge. */
  private queue(id: string, props: ConstructorParameters<typeof Queue>[2]): Queue {
    return new Queue(this, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
  }
}

function stackArn(stack: Stack): string {
  return stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stack.stackName}/*` });
}
