import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import { findModel } from '../model/find-model';
import { ServiceError } from '../service-error';
import { checkServerless } from './check-serverless';

/** Members of a variant that an account knows and this machine can't honour. */
const REFUSED = ['InstancePools', 'CapacityReservationConfig', 'ManagedInstanceScaling'] as const;

/**
 * Refuses variants that could never serve, beyond what the limits of requests refuse.
 * @param at path of the list in the request
 * @param taken names of variants that the configuration has besides these; the names of these are added
 * @returns the variants with the documented defaults filled in
 * @throws ServiceError ValidationException
 */
export function checkVariants(
  context: Context,
  at: 'ProductionVariants' | 'ShadowProductionVariants',
  variants: readonly JsonObject[],
  taken: Set<string>,
): JsonObject[] {
  return variants.map((variant, index) => {
    const where = `${at}[${index}]`;
    for (const member of REFUSED)
      if (variant[member] !== undefined) throw invalid(`${where}.${member}: the local SageMaker doesn't implement it`);
    const name = variant.VariantName as string;
    if (taken.has(name)) throw invalid(`${where}.VariantName: must be unique in the configuration, got ${name} twice`);
    taken.add(name);
    if (variant.ModelName === undefined)
      throw invalid(`${where}.ModelName is missing: the local SageMaker doesn't implement inference components`);
    const model = findModel(context, variant.ModelName as string);
    const { InitialInstanceCount, InitialVariantWeight = 1 } = variant;
    if (variant.ServerlessConfig !== undefined) checkServerless(where, variant, model);
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
