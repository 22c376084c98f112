import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import { resolveContainer } from '../model/resolve-container';
import type { Call } from '../operation';
import { ServiceError } from '../service-error';
import type { FleetSpec, VariantSpec } from './fleet-spec';

/** Members of an EndpointConfig that ask for more than plain instances behind an endpoint. */
const NOT_RUN = ['AsyncInferenceConfig', 'ShadowProductionVariants', 'ExplainerConfig'] as const;

/**
 * Looks up what an EndpointConfig stands for: its models, and their packages.
 * @throws ServiceError if something is missing, or can't be run here
 */
export async function resolveFleet(
  { now }: Pick<Context, 'now'>,
  call: Call,
  endpointConfigName: string,
): Promise<FleetSpec> {
  const config = await call('DescribeEndpointConfig', { EndpointConfigName: endpointConfigName });
  for (const member of NOT_RUN) if (config[member] !== undefined) throw notRun(endpointConfigName, member);
  const variants = (config.ProductionVariants ?? []) as readonly JsonObject[];
  const resolvedAt = now().toISOString();
  return {
    // The time in front keeps the folders of an endpoint's fleets in order.
    id: `${resolvedAt.replaceAll(/[^0-9]/g, '')}-${randomUUID().slice(0, 8)}`,
    endpointConfigName,
    resolvedAt,
    variants: await Promise.all(variants.map((variant) => resolveVariant(call, endpointConfigName, variant))),
    dataCapture: config.DataCaptureConfig as JsonObject | undefined,
  };
}

async function resolveVariant(call: Call, configName: string, variant: JsonObject): Promise<VariantSpec> {
  if (variant.ServerlessConfig !== undefined) throw notRun(configName, 'ServerlessConfig');
  const modelName = variant.ModelName as string;
  return {
    name: variant.VariantName as string,
    modelName,
    instanceCount: Number(variant.InitialInstanceCount ?? 1),
    weight: Number(variant.InitialVariantWeight ?? 1),
    container: await resolveContainer(call, modelName),
    healthTimeoutSeconds: Number(variant.ContainerStartupHealthCheckTimeoutInSeconds ?? 240),
  };
}

function notRun(configName: string, member: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `Endpoint configuration ${configName}: the local SageMaker doesn't run ${member}; use an account`,
  );
}
