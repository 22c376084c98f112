import { Ref } from './ref';

export const EXECUTION_VARIABLES = [
  'StartDateTime',
  'CurrentDateTime',
  'PipelineName',
  'PipelineArn',
  'PipelineExecutionId',
  'PipelineExecutionArn',
  'TrainingJobName',
  'ProcessingJobName',
] as const;
export type ExecutionVariable = (typeof EXECUTION_VARIABLES)[number];

/**
 * What is known of the execution itself. An id or a time among a job's inputs or in its environment keeps its step from
 * ever being taken from the cache.
 */
export function execution(variable: ExecutionVariable): Ref<string> {
  return new Ref({ Get: `Execution.${variable}` });
}
