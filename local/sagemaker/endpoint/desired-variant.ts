import type { Json, JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import type { DesiredVariant } from './endpoint';
import type { FleetSpec, ServerlessSpec } from './fleet-spec';

/** Bounds of both kinds of concurrency. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessUpdateConfig.html */
const MOST_CONCURRENT = 200;

/**
 * What UpdateEndpointWeightsAndCapacities asks of one variant.
 * @param live of the fleet that serves
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DesiredWeightAndCapacity.html
 */
export function desiredVariant(input: JsonObject, live: FleetSpec | undefined): DesiredVariant {
  const { VariantName, DesiredWeight, DesiredInstanceCount, ServerlessUpdateConfig } = input;
  const name = VariantName as string;
  const variants = [...(live?.variants ?? []), ...(live?.shadow ? [live.shadow] : [])];
  const variant = variants.find((known) => known.name === name);
  if (!variant)
    throw invalid(
      `Could not find variant "${name}"; the endpoint has ${variants.map((known) => known.name).join(', ')}`,
    );
  if (DesiredInstanceCount !== undefined && variant.hosts !== undefined)
    throw invalid(`Variant "${name}" is for inference components; ManagedInstanceScaling sets its instances`);
  if (DesiredWeight !== undefined && !(Number(DesiredWeight) >= 0))
    throw invalid(`Variant "${name}": DesiredWeight must be 0 or more, got ${Number(DesiredWeight)}`);
  if (DesiredInstanceCount !== undefined && variant.serverless)
    throw invalid(`Variant "${name}" is serverless and has no instances; give ServerlessUpdateConfig`);
  if (ServerlessUpdateConfig !== undefined && !variant.serverless)
    throw invalid(`Variant "${name}" has instances; give DesiredInstanceCount, or leave ServerlessUpdateConfig out`);
  // Only the queue of an asynchronous endpoint can wait for an instance.
  const least = live?.asyncInference === undefined ? 1 : 0;
  if (
    DesiredInstanceCount !== undefined &&
    !(Number.isInteger(DesiredInstanceCount) && Number(DesiredInstanceCount) >= least)
  )
    throw invalid(
      `Variant "${name}": DesiredInstanceCount must be a whole number from ${least}, got ${Number(DesiredInstanceCount)}`,
    );
  return {
    name,
    ...(DesiredWeight !== undefined && { weight: Number(DesiredWeight) }),
    ...(DesiredInstanceCount !== undefined && { instanceCount: Number(DesiredInstanceCount) }),
    ...(ServerlessUpdateConfig !== undefined &&
      variant.serverless && {
        serverless: serverlessChanges(name, ServerlessUpdateConfig as JsonObject, variant.serverless),
      }),
  };
}

function serverlessChanges(name: string, update: JsonObject, current: ServerlessSpec): Partial<ServerlessSpec> {
  const { MaxConcurrency, ProvisionedConcurrency } = update;
  const changes = {
    ...(MaxConcurrency !== undefined && { maxConcurrency: concurrency(name, 'MaxConcurrency', MaxConcurrency) }),
    ...(ProvisionedConcurrency !== undefined && {
      provisionedConcurrency: concurrency(name, 'ProvisionedConcurrency', ProvisionedConcurrency),
    }),
  };
  const { maxConcurrency, provisionedConcurrency = 0 } = { ...current, ...changes };
  if (provisionedConcurrency > maxConcurrency)
    throw invalid(
      `Variant "${name}": ProvisionedConcurrency must be at most MaxConcurrency, got ${provisionedConcurrency} and ${maxConcurrency}`,
    );
  return changes;
}

function concurrency(name: string, member: string, value: Json): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= MOST_CONCURRENT) return number;
  throw invalid(
    `Variant "${name}": ${member} must be a whole number from 1 to ${MOST_CONCURRENT}, got ${JSON.stringify(value)}`,
  );
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
