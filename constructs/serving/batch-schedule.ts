import { type CfnCondition, Duration, Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { type Grant, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { CfnSchedule, ContextAttribute } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { checkBatch } from '../../config/check-batch';
import type { ServingOf } from '../../config/serving';
import { Faults } from '../../core/faults';
import { deadLetterAlarm } from '../monitoring/dead-letter-alarm';
import { deadLetterQueue } from '../monitoring/dead-letter-queue';
import { allow } from '../security/allow';
import type { Keys } from '../security/keys';
import type { DataLake } from '../storage/data-lake';
import { hasLocalStorage } from './local-storage';

/** SageMaker takes names of 63 characters, of which the id of an execution may have 36. */
const LONGEST_JOB_PREFIX = 26;

export interface BatchScheduleProps {
  /** As in `config/models.ts`: input and output lie below its folder in the curated bucket. */
  readonly modelName: string;
  /** Jobs are named after it. */
  readonly resourceName: string;
  /** The released model: a job that begins after a release uses that one. */
  readonly model: CfnModel;
  /** The schedule exists only while this holds, as the model does. */
  readonly condition: CfnCondition;
  readonly serving: ServingOf<'batch'>;
  /** EventBridge Scheduler's expression: `cron(0 3 ? * MON *)`, `rate(1 day)` or `at(2026-03-29T04:00:00)`. */
  readonly schedule: string;
  readonly lake: DataLake;
  readonly keys: Keys;
  /** Hears when a job couldn't be started. @default - nobody */
  readonly alarmAction?: IAlarmAction;
  /** Hears when a job began and then failed, or was stopped. @default - nobody */
  readonly topic?: ITopic;
  /** @default true */
  readonly enabled?: boolean;
}

/**
 * Batch transform by the clock: EventBridge Scheduler calls CreateTransformJob itself, so nothing of ours runs between
 * the two. Jobs don't wait for each other.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
export class BatchSchedule extends Construct {
  private readonly scheduleArn: string;
  private readonly role: Role;

  /** @throws InvalidInputError naming each setting that no job, or no schedule, takes */
  constructor(scope: Construct, id: string, props: BatchScheduleProps) {
    super(scope, id);
    const { serving, condition, enabled = true } = props;
    const faults = new Faults();
    checkBatch({ ...serving, schedule: props.schedule }, (setting) => `${this.node.path}.${setting}`, faults);
    faults.throwIfAny(this.node.path);

    const prefix = props.resourceName.slice(0, LONGEST_JOB_PREFIX).replace(/-+$/, '');
    const undelivered = this.undelivered(props);
    this.role = this.starter(props, prefix, undelivered);
    this.scheduleArn = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `default/${props.resourceName}`,
    });
    const schedule = new CfnSchedule(this, 'Resource', {
      // Named, so that a release may be let change this schedule and no other.
      name: props.resourceName,
      description: `Batch transform with the released model ${props.modelName}`,
      scheduleExpression: props.schedule,
      scheduleExpressionTimezone: serving.timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      state: enabled ? 'ENABLED' : 'DISABLED',
      target: {
        arn: `arn:${Stack.of(this).partition}:scheduler:::aws-sdk:sagemaker:createTransformJob`,
        roleArn: this.role.roleArn,
        input: Stack.of(this).toJsonString(this.request(props, prefix)),
        // A start that SageMaker throttles is tried again for an hour; then it is an alarm.
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: Duration.hours(1).toSeconds() },
        deadLetterConfig: { arn: undelivered.queueArn },
      },
    });
    schedule.cfnOptions.condition = condition;
    if (props.topic) this.tellFailures(props.topic, prefix);
  }

  /** A job that began can only say so by its event: there is no metric of it. */
  private tellFailures(topic: ITopic, prefix: string): void {
    const detail = (member: string) => EventField.fromPath(`$.detail.${member}`);
    new Rule(this, 'Failed', {
      description: 'A scheduled batch transform job failed, or was stopped',
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Transform Job State Change'],
        detail: { TransformJobName: [{ prefix: `${prefix}-` }], TransformJobStatus: ['Failed', 'Stopped'] },
      },
      targets: [
        new SnsTopic(topic, {
          message: RuleTargetInput.fromText(
            `Batch transform job ${detail('TransformJobName')}: ${detail('TransformJobStatus')}. ${detail('FailureReason')}\n` +
              'What it was asked is where it was: npx mlops batch answers it again.',
          ),
        }),
      ],
    });
  }

  /** Lets a principal release: the schedule names the Model, so each release changes it. */
  grantRelease(grantee: IGrantable): Grant {
    return allow(grantee, {
      actions: ['CreateSchedule', 'DeleteSchedule', 'GetSchedule', 'UpdateSchedule'].map((name) => `scheduler:${name}`),
      resources: [this.scheduleArn],
    }).combine(
      allow(grantee, {
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }

  private request({ serving, modelName, model, lake, keys }: BatchScheduleProps, prefix: string): object {
    const { curated } = lake.buckets;
    const jobName = `${prefix}-${ContextAttribute.executionId}`;
    return {
      TransformJobName: jobName,
      ModelName: model.attrModelName,
      BatchStrategy: serving.strategy,
      MaxPayloadInMB: serving.maxPayloadMb,
      MaxConcurrentTransforms: serving.maxConcurrentTransforms,
      TransformInput: {
        ContentType: serving.contentType,
        SplitType: serving.splitType,
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: curated.s3UrlForObject(`${modelName}/${serving.inputPrefix}/`),
          },
        },
      },
      TransformOutput: {
        S3OutputPath: curated.s3UrlForObject(`${modelName}/${serving.outputPrefix}/${jobName}`),
        Accept: serving.contentType,
        AssembleWith: serving.splitType === 'Line' ? 'Line' : 'None',
      },
      TransformResources: {
        InstanceType: serving.instanceType,
        InstanceCount: serving.instanceCount,
        ...(!hasLocalStorage(serving.instanceType) && { VolumeKmsKeyId: keys.data.keyArn }),
      },
      ...(serving.joinInput && { DataProcessing: { JoinSource: 'Input' } }),
    };
  }

  /** Starts jobs of this model and does nothing else. What a job may read and write is the model's role's business. */
  private starter({ keys }: BatchScheduleProps, prefix: string, undelivered: Queue): Role {
    const { account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: 'Starts batch transform jobs by the clock',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    const sageMaker = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName });
    allow(role, {
      actions: ['sagemaker:CreateTransformJob'],
      resources: [sageMaker('transform-job', `${prefix}-*`)],
      because: 'The end of a job name is the id that the scheduler gives to an execution',
    });
    keys.grantEncryptVolumes(role);
    allow(role, { actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] });
    return role;
  }

  /** Where starts that failed for good go, each with the reason in its attributes. */
  private undelivered({ alarmAction }: BatchScheduleProps): Queue {
    const queue = deadLetterQueue(
      this,
      'NotStarted',
      'It is the dead-letter queue of a schedule, which cdk-nag does not look for among those of queues',
    );
    const alarm = deadLetterAlarm(this, 'NotStartedAlarm', {
      queue,
      alarmDescription: 'A scheduled batch transform job was not started; the message in the queue says why',
    });
    if (alarmAction) alarm.addAlarmAction(alarmAction);
    return queue;
  }
}
