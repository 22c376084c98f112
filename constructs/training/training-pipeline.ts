import { Duration, Resource, Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnPipeline, type IPipeline } from 'aws-cdk-lib/aws-sagemaker';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { SageMakerStartPipelineExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { InvalidInputError } from '../../core/invalid-input-error';
import { deadLetterAlarm } from '../monitoring/dead-letter-alarm';
import { deadLetterQueue } from '../monitoring/dead-letter-queue';
import { allow } from '../security/allow';
import { definitionBody } from './definition-body';

export interface TrainingPipelineProps {
  /** Physical name: the command line finds the pipeline by it. */
  readonly pipelineName: string;
  /** SageMaker's definition, rendered; it may hold CDK tokens. */
  readonly definition: object;
  /** What the pipeline itself runs as. */
  readonly role: IRole;
  /** @default - none */
  readonly description?: string;
  /**
   * Steps that run at the same time in an execution, 1 or more.
   * @default 5
   */
  readonly maxParallelExecutionSteps?: number;
}

export interface PipelineScheduleOptions {
  /** Hears when an execution couldn't be started. @default - nobody */
  readonly alarmAction?: IAlarmAction;
  /** @default true */
  readonly enabled?: boolean;
}

/** A SageMaker pipeline. It is an `IPipeline`, so targets of other libraries take it. */
export class TrainingPipeline extends Resource implements IPipeline {
  readonly pipelineArn: string;
  readonly pipelineName: string;

  /** @throws InvalidInputError if maxParallelExecutionSteps isn't a whole number above 0 */
  constructor(scope: Construct, id: string, props: TrainingPipelineProps) {
    super(scope, id, { physicalName: props.pipelineName });
    const { maxParallelExecutionSteps = 5 } = props;
    if (!Number.isInteger(maxParallelExecutionSteps) || maxParallelExecutionSteps < 1) {
      throw new InvalidInputError(
        `${this.node.path}.maxParallelExecutionSteps`,
        `must be a whole number above 0, got ${maxParallelExecutionSteps}`,
        'raise it, or leave it out for 5',
      );
    }
    const pipeline = new CfnPipeline(this, 'Resource', {
      pipelineName: props.pipelineName,
      pipelineDescription: props.description,
      roleArn: props.role.roleArn,
      // The CDK types both as any and passes the keys through: they are CloudFormation's, not camelCase.
      pipelineDefinition: { PipelineDefinitionBody: definitionBody(this, props.definition) },
      parallelismConfiguration: { MaxParallelExecutionSteps: maxParallelExecutionSteps },
    });
    this.pipelineName = pipeline.ref;
    this.pipelineArn = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'pipeline',
      resourceName: props.pipelineName,
    });
  }

  get pipelineRef(): { readonly pipelineName: string } {
    return { pipelineName: this.pipelineName };
  }

  /**
   * Starts the pipeline by itself. A start that is refused is tried again for an hour; then it lies in a queue, with the
   * reason in its attributes, and an alarm says so.
   * @param expression as EventBridge Scheduler takes it, for example `cron(0 3 ? * MON *)`; in UTC
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
   */
  addSchedule(id: string, expression: string, { alarmAction, enabled = true }: PipelineScheduleOptions = {}): Schedule {
    const queue = deadLetterQueue(
      this,
      `${id}NotStarted`,
      'It is the dead-letter queue of a schedule, which cdk-nag does not look for among those of queues',
    );
    deadLetterAlarm(this, `${id}NotStartedAlarm`, {
      queue,
      alarmDescription: `${this.physicalName}: a scheduled execution was not started; the message in the queue says why`,
      alarmAction,
    });
    return new Schedule(this, id, {
      schedule: ScheduleExpression.expression(expression),
      // By default it is a day, and the alarm as late.
      target: new SageMakerStartPipelineExecution(this, { deadLetterQueue: queue, maxEventAge: Duration.hours(1) }),
      enabled,
    });
  }

  grantStartPipelineExecution(grantee: IGrantable): Grant {
    return allow(grantee, { actions: ['sagemaker:StartPipelineExecution'], resources: [this.pipelineArn] });
  }

  /** Lets a principal see the pipeline, its executions and their steps. */
  grantRead(grantee: IGrantable): Grant {
    return allow(grantee, {
      actions: ['sagemaker:DescribePipeline', 'sagemaker:ListPipelineExecutions'],
      resources: [this.pipelineArn],
    }).combine(
      this.onExecutions(grantee, [
        'sagemaker:DescribePipelineDefinitionForExecution',
        'sagemaker:DescribePipelineExecution',
        'sagemaker:ListPipelineExecutionSteps',
        'sagemaker:ListPipelineParametersForExecution',
      ]),
    );
  }

  /** Lets a principal start executions, and stop or retry them. */
  grantOperate(grantee: IGrantable): Grant {
    return this.grantStartPipelineExecution(grantee).combine(
      this.onExecutions(grantee, ['sagemaker:RetryPipelineExecution', 'sagemaker:StopPipelineExecution']),
    );
  }

  private onExecutions(grantee: IGrantable, actions: string[]): Grant {
    return allow(grantee, {
      actions,
      resources: [`${this.pipelineArn}/execution/*`],
      because: 'SageMaker makes up the id of an execution',
    });
  }
}
