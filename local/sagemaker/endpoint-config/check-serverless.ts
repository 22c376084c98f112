import type { JsonObject } from '../../../core/json';
import type { ModelRecord } from '../model/model-record';
import { ServiceError } from '../service-error';

/** The sizes that can be had. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html */
const MEMORY_SIZES_IN_MB: readonly number[] = [1_024, 2_048, 3_072, 4_096, 5_120, 6_144];
/** What belongs to instances, of which a serverless variant has none. */
const OF_INSTANCES = [
  'InstanceType',
  'InitialInstanceCount',
  'AcceleratorType',
  'VolumeSizeInGB',
  'EnableSSMAccess',
  'RoutingConfig',
] as const;

/**
 * Refuses what a serverless variant can't have.
 * @param at path of the variant in the request
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
 */
export function checkServerless(at: string, variant: JsonObject, model: ModelRecord): void {
  const { MemorySizeInMB, MaxConcurrency, ProvisionedConcurrency } = variant.ServerlessConfig as JsonObject;
  if (!MEMORY_SIZES_IN_MB.includes(Number(MemorySizeInMB)))
    throw invalid(
      `${at}.ServerlessConfig.MemorySizeInMB: must be one of ${MEMORY_SIZES_IN_MB.join(', ')}, got ${Number(MemorySizeInMB)}`,
    );
  if (ProvisionedConcurrency !== undefined && Number(ProvisionedConcurrency) > Number(MaxConcurrency))
    throw invalid(
      `${at}.ServerlessConfig.ProvisionedConcurrency: must be at most MaxConcurrency, got ${Number(ProvisionedConcurrency)} and ${Number(MaxConcurrency)}`,
    );
  for (const member of OF_INSTANCES)
    if (variant[member] !== undefined)
      throw invalid(`${at}.${member}: a serverless variant has no instances; leave it out`);
  const { ModelName, VpcConfig, EnableNetworkIsolation, Containers = [] } = model;
  if (VpcConfig !== undefined)
    throw invalid(`${at}: serverless inference doesn't support a VPC, got VpcConfig of model ${ModelName}`);
  if (EnableNetworkIsolation)
    throw invalid(`${at}: serverless inference doesn't support network isolation, got that of model ${ModelName}`);
  if (Containers.length > 1)
    throw invalid(`${at}: serverless inference doesn't support inference pipelines, got model ${ModelName}`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
