import { createHash } from 'node:crypto';
import { type CfnCondition, Duration, Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { type Grant, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { CfnSchedule, ContextAttribute } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
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
import { QUEUED_TIMEOUT, ReleaseFunction, VISIBILITY } from './release-function';

/** SageMaker takes names of 63 characters, of which the time, as in `-20260329T040000Z`, has 17. */
const LONGEST_JOB_PREFIX = 46;
/** For how long a start that SageMaker refuses is tried again. */
const PATIENCE = Duration.hours(1);

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
 * Batch transform by the clock: EventBridge Scheduler puts what is due into a queue, and a function starts the job. The
 * scheduler tells of a time at least once, and none of its ids is sure to stay when it tries again; the time stays, but has
 * colons, which the name of a job has not. So the function makes the name, and a time has one job. Jobs don't wait for each
 * other.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
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

    const prefix = jobPrefix(props.resourceName);
    const undelivered = this.undelivered(props);
    const due = this.due(props, prefix, undelivered);
    this.role = this.announcer(due, undelivered);
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
        arn: due.queueArn,
        roleArn: this.role.roleArn,
        input: Stack.of(this).toJsonString({
          scheduledTime: ContextAttribute.scheduledTime,
          jobPrefix: prefix,
          request: this.request(props),
        }),
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: PATIENCE.toSeconds() },
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
        // With the beginning of the year, for jobs of `churn-eu` begin as those of `churn` do.
        detail: { TransformJobName: [{ prefix: `${prefix}-20` }], TransformJobStatus: ['Failed', 'Stopped'] },
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

  /** But for the name of the job, and its folder. */
  private request({ serving, modelName, model, lake, keys }: BatchScheduleProps): object {
    const { curated } = lake.buckets;
    return {
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
        S3OutputPath: curated.s3UrlForObject(`${modelName}/${serving.outputPrefix}`),
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

  /** The queue of what is due, and the function that starts it; what a job may read and write is the model's role's business. */
  private due({ keys }: BatchScheduleProps, prefix: string, undelivered: Queue): Queue {
    const queue = new Queue(this, 'Due', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: undelivered, maxReceiveCount: PATIENCE.toSeconds() / VISIBILITY.toSeconds() },
    });
    const { function: start } = new ReleaseFunction(this, 'Start', {
      handler: 'batch-due',
      timeout: QUEUED_TIMEOUT,
      environment: {},
      logKey: keys.operations,
    });
    start.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
    allow(start, {
      actions: ['sagemaker:CreateTransformJob'],
      resources: [
        Stack.of(this).formatArn({ service: 'sagemaker', resource: 'transform-job', resourceName: `${prefix}-*` }),
      ],
      because: 'The end of a job name is the time that it was due',
    });
    keys.grantEncryptVolumes(start);
    return queue;
  }

  private announcer(due: Queue, undelivered: Queue): Role {
    const role = new Role(this, 'Role', {
      description: 'Says by the clock that a batch is due',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    allow(role, { actions: ['sqs:SendMessage'], resources: [due.queueArn, undelivered.queueArn] });
    return role;
  }

  /** Where starts that failed for good go: by the function, whose log says why, or by the schedule, in the message's attributes. */
  private undelivered({ alarmAction }: BatchScheduleProps): Queue {
    const queue = deadLetterQueue(this, 'NotStarted');
    deadLetterAlarm(this, 'NotStartedAlarm', {
      queue,
      alarmDescription:
        'A scheduled batch transform job was not started; the log of the function, or the message in the queue, says why',
      alarmAction,
    });
    return queue;
  }
}

/** A cut name is told from its like by a digest. */
function jobPrefix(name: string): string {
  if (name.length <= LONGEST_JOB_PREFIX) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.slice(0, LONGEST_JOB_PREFIX - 7).replace(/-+$/, '')}-${digest}`;
}
