import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import { findModel } from '../model/find-model';
import { ServiceError } from '../service-error';
import { checkServerless } from './check-serverless';

/** Members of a variant that an account knows and this machine can't honour. */
const REFUSED = ['InstancePools', 'CapacityReservationConfig'] as const;

/**
 * Refuses variants that could never serve, beyond what the limits of requests refuse.
 * @param at path of the list in the request
 * @param executionRole whether the configuration has one, so that inference components may run on its variants
 * @param taken names of variants that the configuration has besides these; the names of these are added
 * @returns the variants with the documented defaults filled in
 * @throws ServiceError ValidationException
 */
export function checkVariants(
  context: Context,
  at: 'ProductionVariants' | 'ShadowProductionVariants',
  variants: readonly JsonObject[],
  taken: Set<string>,
  executionRole = false,
): JsonObject[] {
  return variants.map((variant, index) => {
    const where = `${at}[${index}]`;
    for (const member of REFUSED)
      if (variant[member] !== undefined) throw invalid(`${where}.${member}: the local SageMaker doesn't implement it`);
    const name = variant.VariantName as string;
    if (taken.has(name)) throw invalid(`${where}.VariantName: must be unique in the configuration, got ${name} twice`);
    taken.add(name);
    const { ModelName, ManagedInstanceScaling, InitialInstanceCount, InitialVariantWeight = 1 } = variant;
    const model = ModelName === undefined ? undefined : findModel(context, ModelName as string);
    if (!model && (!executionRole || variant.ServerlessConfig !== undefined))
      throw invalid(
        `${where}.ModelName is missing; give one, or for inference components instances and the configuration's ExecutionRoleArn`,
      );
    if (model && ManagedInstanceScaling !== undefined)
      throw invalid(`${where}.ManagedInstanceScaling: the local SageMaker implements it for inference components only`);
    if (model && variant.ServerlessConfig !== undefined) checkServerless(where, variant, model);
    else if (variant.InstanceType === undefined)
      throw invalid(`${where}.InstanceType is missing; give one, or ServerlessConfig`);
    else if (InitialInstanceCount === undefined)
      throw invalid(`${where}.InitialInstanceCount is missing; give 1 or more`);
    return { ...variant, InitialVariantWeight };
  });
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
