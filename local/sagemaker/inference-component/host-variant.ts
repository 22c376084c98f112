import type { JsonObject } from '../../../core/json';
import { text } from '../job/text';
import type { Call } from '../operation';
import { ServiceError } from '../service-error';

/**
 * The variant of an endpoint that components run on.
 * @param name as the request has it. @default - the endpoint's only one
 * @throws ServiceError ValidationException if the endpoint doesn't serve yet, or its variants have models of their own
 */
export async function hostVariant(call: Call, EndpointName: string, name: string | undefined): Promise<string> {
  const { EndpointStatus, EndpointConfigName } = await call('DescribeEndpoint', { EndpointName });
  if (EndpointStatus !== 'InService' && EndpointStatus !== 'Updating')
    throw invalid(`Endpoint ${EndpointName} has to be InService, got ${text(EndpointStatus)}; try again later`);
  const config = await call('DescribeEndpointConfig', { EndpointConfigName });
  const hosts = ((config.ProductionVariants ?? []) as readonly JsonObject[]).filter(
    ({ ModelName }) => ModelName === undefined,
  );
  const found = hosts.find(({ VariantName }) => name === undefined || VariantName === name);
  if (found) return found.VariantName as string;
  throw invalid(
    hosts.length === 0
      ? `Endpoint ${EndpointName} serves models of its own and takes no inference components; leave ModelName out of its variant`
      : `Endpoint ${EndpointName} has no variant ${name} for components, it has ${hosts.map((each) => text(each.VariantName)).join(', ')}`,
  );
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
