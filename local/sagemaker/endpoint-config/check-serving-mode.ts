import type { Json, JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';

/** What serverless inference excludes of a whole configuration. */
const NOT_SERVERLESS: readonly (readonly [member: string, name: string])[] = [
  ['AsyncInferenceConfig', 'asynchronous inference'],
  ['ShadowProductionVariants', 'shadow variants'],
  ['DataCaptureConfig', 'data capture'],
  ['ExplainerConfig', 'explanations'],
  ['VpcConfig', 'a VPC'],
];

/**
 * Refuses modes of serving that can't be had together.
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-create.html
 */
export function checkServingMode(input: JsonObject): void {
  const production = list(input.ProductionVariants);
  const shadow = list(input.ShadowProductionVariants);
  if (production.some(({ ServerlessConfig }) => ServerlessConfig !== undefined)) {
    if (production.length > 1)
      throw invalid(`Serverless inference supports one production variant, got ${production.length}`);
    for (const [member, name] of NOT_SERVERLESS)
      if (input[member] !== undefined)
        throw invalid(`Serverless inference doesn't support ${name}, got ${member}; leave one of them out`);
    if (input.EnableNetworkIsolation === true)
      throw invalid("Serverless inference doesn't support network isolation, got EnableNetworkIsolation");
  }
  if (input.ShadowProductionVariants === undefined) return;
  if (production.length !== 1 || shadow.length !== 1)
    throw invalid(
      `Shadow variants need exactly one variant in ProductionVariants and one in ShadowProductionVariants, got ${production.length} and ${shadow.length}`,
    );
  if (shadow.some(({ ServerlessConfig }) => ServerlessConfig !== undefined))
    throw invalid('A shadow variant must have instances, got ServerlessConfig in ShadowProductionVariants');
  if (input.AsyncInferenceConfig !== undefined)
    throw invalid('Asynchronous inference supports no shadow variants, got ShadowProductionVariants');
}

function list(value: Json | undefined): readonly JsonObject[] {
  return (value ?? []) as readonly JsonObject[];
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
