import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';
import type { ParameterValues } from './parameters';

export type StepStatus = 'Starting' | 'Executing' | 'Stopping' | 'Stopped' | 'Failed' | 'Succeeded';
export type ExecutionStatus = 'Executing' | 'Stopping' | 'Stopped' | 'Failed' | 'Succeeded';

/** A step that was started, as ListPipelineExecutionSteps shows it. */
export interface StepRecord extends JsonObject {
  readonly StepName: string;
  readonly StepDisplayName?: string;
  readonly StepDescription?: string;
  readonly StepStatus: StepStatus;
  readonly StartTime: string;
  readonly EndTime?: string;
  readonly FailureReason?: string;
  readonly AttemptCount: number;
  readonly Metadata?: JsonObject;
  readonly CacheHitResult?: { readonly SourcePipelineExecutionArn: string };
  readonly SelectiveExecutionResult?: { readonly SourcePipelineExecutionArn: string };
}

/** One execution of a pipeline, without what its steps have come to. */
export interface ExecutionMembers extends JsonObject {
  readonly PipelineName: string;
  readonly PipelineArn: string;
  readonly PipelineExecutionArn: string;
  readonly PipelineExecutionDisplayName: string;
  readonly PipelineExecutionDescription?: string;
  readonly PipelineExecutionStatus: ExecutionStatus;
  readonly FailureReason?: string;
  readonly CreationTime: string;
  readonly LastModifiedTime: string;
  readonly ParallelismConfiguration?: { readonly MaxParallelExecutionSteps?: number };
  readonly SelectiveExecutionConfig?: JsonObject;
  readonly Parameters: ParameterValues;
  /** Of the last RetryPipelineExecution: the same one again does nothing. */
  readonly RetryToken?: string;
}

/** One execution of a pipeline. */
export interface ExecutionRecord extends ExecutionMembers {
  /** In the order in which they were started. */
  readonly Steps: readonly StepRecord[];
}

/** By the id of the execution, the last part of its ARN. */
export function executions(store: Store): Collection<ExecutionRecord> {
  return store.collection('pipeline-executions');
}

/** The definition that each execution runs: it stays the same when the pipeline is updated meanwhile. */
export function executedDefinitions(store: Store): Collection<{ readonly PipelineDefinition: string }> {
  return store.collection('pipeline-execution-definitions');
}

/** The executions that StartPipelineExecution has answered to a ClientRequestToken. */
export function executionTokens(store: Store): Collection<{ readonly PipelineExecutionArn: string }> {
  return store.collection('pipeline-execution-tokens');
}

export function executionId(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf('/') + 1);
}
