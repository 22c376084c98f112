import type { Json, JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { ExecutionMembers, ExecutionStatus, StepRecord, StepStatus } from './execution-record';

/**
 * Publishes what SageMaker publishes about an execution. An event that gets lost must not hurt the execution.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export class ExecutionEvents {
  constructor(private readonly context: Pick<Context, 'events' | 'log'>) {}

  executionChanged(record: ExecutionMembers, previous: ExecutionStatus | undefined): void {
    const ended = record.PipelineExecutionStatus !== 'Executing' && record.PipelineExecutionStatus !== 'Stopping';
    this.publish('SageMaker Model Building Pipeline Execution Status Change', record, {
      pipelineExecutionDisplayName: record.PipelineExecutionDisplayName,
      pipelineExecutionDescription: record.PipelineExecutionDescription,
      currentPipelineExecutionStatus: record.PipelineExecutionStatus,
      previousPipelineExecutionStatus: previous,
      executionStartTime: record.CreationTime,
      executionEndTime: ended ? record.LastModifiedTime : undefined,
    });
  }

  stepChanged(record: ExecutionMembers, step: StepRecord, stepType: string, previous: StepStatus | undefined): void {
    this.publish('SageMaker Model Building Pipeline Execution Step Status Change', record, {
      stepName: step.StepName,
      stepType,
      currentStepStatus: step.StepStatus,
      previousStepStatus: previous,
      stepStartTime: step.StartTime,
      stepEndTime: step.EndTime,
      failureReason: step.FailureReason,
      cacheHitResult: step.CacheHitResult && camel(step.CacheHitResult),
      metadata: step.Metadata && camel(step.Metadata),
    });
  }

  private publish(type: string, { PipelineArn, PipelineExecutionArn }: ExecutionMembers, detail: JsonObject): void {
    this.context.events
      .publish({
        'detail-type': type,
        resources: [PipelineArn, PipelineExecutionArn],
        detail: { ...detail, pipelineArn: PipelineArn, pipelineExecutionArn: PipelineExecutionArn },
      })
      .catch((error: Error) =>
        this.context.log(`${PipelineExecutionArn}: can't publish an event, got ${error.message}`),
      );
  }
}

/** Events write members with a small first letter. */
function camel(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(camel);
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, inner]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      inner === undefined ? inner : camel(inner),
    ]),
  );
}
