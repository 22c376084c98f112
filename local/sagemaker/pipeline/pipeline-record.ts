import type { JsonObject } from '../../../core/json';
import { nameOf } from '../api/arn';
import { ServiceError } from '../service-error';
import type { Collection, Store } from '../store';

/** A pipeline as DescribePipeline shows it. */
export interface PipelineRecord extends JsonObject {
  readonly PipelineName: string;
  readonly PipelineArn: string;
  readonly PipelineDisplayName: string;
  readonly PipelineDescription?: string;
  readonly PipelineDefinition: string;
  readonly RoleArn: string;
  readonly CreationTime: string;
  readonly LastModifiedTime: string;
  readonly LastRunTime?: string;
  readonly ParallelismConfiguration?: { readonly MaxParallelExecutionSteps?: number };
  /** Of CreatePipeline: the same one again is the same request. */
  readonly ClientRequestToken?: string;
}

export function pipelines(store: Store): Collection<PipelineRecord> {
  return store.collection('pipelines');
}

/**
 * @param nameOrArn as requests give it
 * @throws ServiceError ResourceNotFound
 */
export function findPipeline(store: Store, nameOrArn: string): PipelineRecord {
  const pipeline = pipelines(store).get(nameOf(nameOrArn, 'pipeline'));
  if (pipeline) return pipeline;
  throw new ServiceError('ResourceNotFound', `Pipeline '${nameOrArn}' does not exist.`);
}
