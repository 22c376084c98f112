import type { JsonObject } from '../../../core/json';
import { listRecords } from '../api/list-records';
import { page } from '../api/page';
import { without } from '../api/without';
import type { Context } from '../context';
import { text } from '../job/text';
import type { Operations } from '../operation';
import { type ExecutionRecord, executedDefinitions, executionId, executions } from './execution-record';
import type { Executions } from './executions';
import { findPipeline } from './pipeline-record';
import { resolveExperiment } from './resolve-experiment';

/** Everything about executions of pipelines. */
export function executionOperations(context: Context, running: Executions): Operations {
  const { store } = context;
  const find = (input: JsonObject) => running.find(text(input.PipelineExecutionArn));
  const definitionOf = ({ PipelineExecutionArn }: ExecutionRecord) =>
    executedDefinitions(store).get(executionId(PipelineExecutionArn))?.PipelineDefinition;
  return {
    StartPipelineExecution: (input) => ({ PipelineExecutionArn: running.start(input) }),

    StopPipelineExecution(input) {
      running.stop(text(input.PipelineExecutionArn));
      return { PipelineExecutionArn: text(input.PipelineExecutionArn) };
    },

    RetryPipelineExecution(input) {
      const arn = text(input.PipelineExecutionArn);
      running.retry(arn, text(input.ClientRequestToken), input.ParallelismConfiguration as JsonObject | undefined);
      return { PipelineExecutionArn: arn };
    },

    UpdatePipelineExecution(input) {
      const arn = text(input.PipelineExecutionArn);
      running.update(arn, without(input, 'PipelineExecutionArn'));
      return { PipelineExecutionArn: arn };
    },

    // Asked again and again while one runs, however long its definition is.
    async DescribePipelineExecution(input) {
      const record = find(input);
      const definition = running.definitionOf(record);
      const experiment = definition && (await resolveExperiment(definition, record));
      return {
        ...without(record, 'PipelineName', 'Parameters', 'Steps', 'RetryToken'),
        ...(experiment && { PipelineExperimentConfig: experiment }),
      };
    },

    DescribePipelineDefinitionForExecution(input) {
      const record = find(input);
      return { PipelineDefinition: definitionOf(record), CreationTime: record.CreationTime };
    },

    ListPipelineExecutions(input) {
      const { PipelineName } = findPipeline(store, text(input.PipelineName));
      const { items, NextToken } = listRecords({
        records: executions(store)
          .list()
          .filter((one) => one.PipelineName === PipelineName),
        input: { ...input, CreationTimeAfter: input.CreatedAfter, CreationTimeBefore: input.CreatedBefore },
        nameOf: ({ PipelineExecutionArn }) => PipelineExecutionArn,
        sortBy: {
          CreationTime: ({ CreationTime }) => CreationTime,
          PipelineExecutionArn: ({ PipelineExecutionArn }) => PipelineExecutionArn,
        },
        defaultOrder: 'Descending',
      });
      const PipelineExecutionSummaries = items.map((one) => ({
        PipelineExecutionArn: one.PipelineExecutionArn,
        StartTime: one.CreationTime,
        PipelineExecutionStatus: one.PipelineExecutionStatus,
        PipelineExecutionDescription: one.PipelineExecutionDescription,
        PipelineExecutionDisplayName: one.PipelineExecutionDisplayName,
        PipelineExecutionFailureReason: one.FailureReason,
      }));
      return { PipelineExecutionSummaries, ...(NextToken !== undefined && { NextToken }) };
    },

    ListPipelineExecutionSteps(input) {
      const { Steps } = find(input);
      const { items, NextToken } = page({
        items: Steps.map((step, started) => ({ step, started })),
        keyOf: ({ started }) => [started],
        descending: input.SortOrder !== 'Ascending',
        input,
      });
      return {
        PipelineExecutionSteps: items.map(({ step }) => step),
        ...(NextToken !== undefined && { NextToken }),
      };
    },

    ListPipelineParametersForExecution(input) {
      const { Parameters } = find(input);
      const { items, NextToken } = page({
        items: Object.entries(Parameters).map(([Name, value]) => ({ Name, Value: String(value) })),
        keyOf: ({ Name }) => [Name],
        input,
      });
      return { PipelineParameters: items, ...(NextToken !== undefined && { NextToken }) };
    },
  };
}
