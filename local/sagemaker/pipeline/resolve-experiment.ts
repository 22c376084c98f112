import type { JsonObject } from '../../../core/json';
import type { Definition } from './definition';
import { type ExecutionRecord, executionId } from './execution-record';
import { resolve } from './resolve';

/** The experiment that an execution belongs to; undefined if the definition names none. */
export async function resolveExperiment(
  { PipelineExperimentConfig }: Definition,
  record: ExecutionRecord,
): Promise<JsonObject | undefined> {
  if (Object.keys(PipelineExperimentConfig).length === 0) return undefined;
  const variables: Readonly<Record<string, string>> = {
    PipelineName: record.PipelineName,
    PipelineArn: record.PipelineArn,
    PipelineExecutionArn: record.PipelineExecutionArn,
    PipelineExecutionId: executionId(record.PipelineExecutionArn),
    StartDateTime: record.CreationTime,
    CurrentDateTime: record.CreationTime,
  };
  return (await resolve(PipelineExperimentConfig, {
    parameters: record.Parameters,
    execution: (name) => variables[name],
    experiment: () => undefined,
    properties: () => undefined,
    propertyFile: () => undefined,
    storage: { read: () => Promise.reject(new Error('an experiment is named before any step has run')) },
  })) as JsonObject;
}
