import { arn } from '../api/arn';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import { type EndpointConfigRecord, endpointConfigs } from './endpoint-config-record';

/** @throws ServiceError ValidationException if there is no such configuration */
export function findEndpointConfig(context: Context, name: string): EndpointConfigRecord {
  const config = endpointConfigs(context.store).get(name);
  if (config) return config;
  throw new ServiceError(
    'ValidationException',
    `Could not find endpoint configuration "${arn(context, `endpoint-config/${name}`)}".`,
  );
}
