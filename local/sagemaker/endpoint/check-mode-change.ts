import type { JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import type { FleetSpec } from './fleet-spec';

/**
 * Refuses an update from instances to serverless; the way back is open.
 * @param config as DescribeEndpointConfig answers it
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
 */
export function checkModeChange(live: FleetSpec | undefined, config: JsonObject): void {
  const wanted = (config.ProductionVariants ?? []) as readonly JsonObject[];
  const wantsServerless = wanted.some(({ ServerlessConfig }) => ServerlessConfig !== undefined);
  const instances = (live?.variants ?? []).filter(({ serverless }) => serverless === undefined);
  if (wantsServerless && instances.length > 0)
    throw new ServiceError(
      'ValidationException',
      `An endpoint with instances can't become serverless, got instances of ${instances.map(({ name }) => name).join(', ')}; create another endpoint`,
    );
}
