import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import { findModel } from '../model/find-model';
import { ServiceError } from '../service-error';

/** Members of a variant that an account knows and this machine can't honour. */
const REFUSED = ['ServerlessConfig', 'InstancePools', 'CapacityReservationConfig', 'ManagedInstanceScaling'] as const;

/**
 * Refuses variants that could never serve, beyond what the limits of requests refuse.
 * @returns the variants with the documented defaults filled in
 * @throws ServiceError ValidationException
 */
export function checkVariants(context: Context, variants: readonly JsonObject[]): JsonObject[] {
  const names = new Set<string>();
  return variants.map((variant, index) => {
    const at = `ProductionVariants[${index}]`;
    for (const member of REFUSED)
      if (variant[member] !== undefined) throw invalid(`${at}.${member}: the local SageMaker doesn't implement it`);
    const name = variant.VariantName as string;
    if (names.has(name)) throw invalid(`${at}.VariantName: must be unique in the configuration, got ${name} twice`);
    names.add(name);
    if (variant.ModelName === undefined)
      throw invalid(`${at}.ModelName is missing: the local SageMaker doesn't implement inference components`);
    findModel(context, variant.ModelName as string);
    if (variant.InstanceType === undefined)
      throw invalid(`${at}.InstanceType is missing; give one, or ServerlessConfig`);
    const { InitialInstanceCount, InitialVariantWeight = 1 } = variant;
    if (InitialInstanceCount === undefined) throw invalid(`${at}.InitialInstanceCount is missing; give 1 or more`);
    return { ...variant, InitialVariantWeight };
  });
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
