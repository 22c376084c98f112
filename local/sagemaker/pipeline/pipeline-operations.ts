import type { JsonObject } from '../../../core/json';
import { arn } from '../api/arn';
import { listRecords } from '../api/list-records';
import type { Context } from '../context';
import { text } from '../job/text';
import type { Operations } from '../operation';
import { ServiceError } from '../service-error';
import { readDefinition } from './check-definition';
import { executions } from './execution-record';
import { findPipeline, type PipelineRecord, pipelines } from './pipeline-record';

/** Create, Update, Describe, Delete and List of pipelines. */
export function pipelineOperations(context: Context): Operations {
  const { store, now } = context;
  return {
    async CreatePipeline(input) {
      const name = text(input.PipelineName);
      const existing = pipelines(store).get(name);
      if (
        existing &&
        existing.ClientRequestToken === input.ClientRequestToken &&
        input.ClientRequestToken !== undefined
      )
        return { PipelineArn: existing.PipelineArn };
      if (existing)
        throw new ServiceError(
          'ValidationException',
          `Pipeline names must be unique within an AWS account and region. Pipeline with name (${name}) already exists.`,
        );
      const definition = await definitionOf(context, input);
      if (definition === undefined)
        throw new ServiceError(
          'ValidationException',
          'PipelineDefinition or PipelineDefinitionS3Location is needed, got neither',
        );
      readDefinition(definition);
      const time = now().toISOString();
      const record: PipelineRecord = {
        PipelineName: name,
        PipelineArn: arn(context, `pipeline/${name}`),
        PipelineDisplayName: text(input.PipelineDisplayName) || name,
        PipelineDefinition: definition,
        RoleArn: text(input.RoleArn),
        CreationTime: time,
        LastModifiedTime: time,
        ...changes(input),
        ...(input.ClientRequestToken !== undefined && { ClientRequestToken: text(input.ClientRequestToken) }),
      };
      pipelines(store).put(name, record);
      return { PipelineArn: record.PipelineArn };
    },

    async UpdatePipeline(input) {
      const pipeline = findPipeline(store, text(input.PipelineName));
      const definition = await definitionOf(context, input);
      if (definition !== undefined) readDefinition(definition);
      pipelines(store).put(pipeline.PipelineName, {
        ...pipeline,
        ...changes(input),
        ...(definition !== undefined && { PipelineDefinition: definition }),
        LastModifiedTime: now().toISOString(),
      });
      return { PipelineArn: pipeline.PipelineArn };
    },

    DescribePipeline(input) {
      if (input.PipelineVersionId !== undefined)
        throw new ServiceError(
          'ValidationException',
          'PipelineVersionId: versions of pipelines are not kept here; leave it out',
        );
      const { ClientRequestToken: _, ...pipeline } = findPipeline(store, text(input.PipelineName));
      return { ...pipeline, PipelineStatus: 'Active' };
    },

    DeletePipeline(input) {
      const { PipelineName, PipelineArn } = findPipeline(store, text(input.PipelineName));
      const running = executions(store)
        .list()
        .find(
          (one) => one.PipelineName === PipelineName && ['Executing', 'Stopping'].includes(one.PipelineExecutionStatus),
        );
      if (running)
        throw new ServiceError(
          'ConflictException',
          `Pipeline ${PipelineName} is running: ${running.PipelineExecutionArn}; stop it first`,
        );
      pipelines(store).delete(PipelineName);
      return { PipelineArn };
    },

    ListPipelines(input) {
      const prefix = text(input.PipelineNamePrefix);
      const { items, NextToken } = listRecords({
        records: pipelines(store)
          .list()
          .filter(({ PipelineName }) => PipelineName.startsWith(prefix)),
        input: { ...input, CreationTimeAfter: input.CreatedAfter, CreationTimeBefore: input.CreatedBefore },
        nameOf: ({ PipelineName }) => PipelineName,
        sortBy: { CreationTime: (one) => one.CreationTime, Name: (one) => one.PipelineName },
        defaultOrder: 'Descending',
      });
      const PipelineSummaries = items.map((one) => ({
        PipelineArn: one.PipelineArn,
        PipelineName: one.PipelineName,
        PipelineDisplayName: one.PipelineDisplayName,
        PipelineDescription: one.PipelineDescription,
        RoleArn: one.RoleArn,
        CreationTime: one.CreationTime,
        LastModifiedTime: one.LastModifiedTime,
        LastExecutionTime: one.LastRunTime,
      }));
      return { PipelineSummaries, ...(NextToken !== undefined && { NextToken }) };
    },
  };
}

/** Members that both Create and Update may give. */
function changes(input: JsonObject): JsonObject {
  const members = ['PipelineDisplayName', 'PipelineDescription', 'RoleArn', 'ParallelismConfiguration'];
  return Object.fromEntries(
    members.filter((member) => input[member] !== undefined).map((member) => [member, input[member]]),
  );
}

/** The definition in the request, or in the S3 object that it names; undefined if it gives none. */
async function definitionOf({ storage }: Context, input: JsonObject): Promise<string | undefined> {
  const { PipelineDefinition, PipelineDefinitionS3Location } = input;
  if (PipelineDefinition !== undefined && PipelineDefinitionS3Location !== undefined)
    throw new ServiceError(
      'ValidationException',
      'PipelineDefinition or PipelineDefinitionS3Location is needed, got both',
    );
  if (PipelineDefinition !== undefined) return text(PipelineDefinition);
  if (PipelineDefinitionS3Location === undefined) return undefined;
  const { Bucket, ObjectKey, VersionId } = PipelineDefinitionS3Location as JsonObject;
  if (VersionId !== undefined)
    throw new ServiceError(
      'ValidationException',
      'PipelineDefinitionS3Location.VersionId: only the newest version is read here; leave it out',
    );
  const uri = `s3://${text(Bucket)}/${text(ObjectKey)}`;
  try {
    return (await storage.read(uri)).toString('utf8');
  } catch (error) {
    throw new ServiceError(
      'ValidationException',
      `PipelineDefinitionS3Location: can't read ${uri}, got ${(error as Error).message}`,
    );
  }
}
