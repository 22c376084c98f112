import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import { resolveContainer } from '../model/resolve-container';
import type { Call } from '../operation';
import { ServiceError } from '../service-error';
import type { FleetSpec, ServerlessSpec, VariantSpec } from './fleet-spec';

/** A serverless endpoint that isn't healthy by then fails. @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-troubleshooting.html */
const SERVERLESS_START_SECONDS = 180;

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
  if (config.ExplainerConfig !== undefined) throw notRun(endpointConfigName, 'ExplainerConfig');
  const [shadow] = (config.ShadowProductionVariants ?? []) as readonly JsonObject[];
  const variants = (config.ProductionVariants ?? []) as readonly JsonObject[];
  const resolvedAt = now().toISOString();
  return {
    // The time in front keeps the folders of an endpoint's fleets in order.
    id: `${resolvedAt.replaceAll(/[^0-9]/g, '')}-${randomUUID().slice(0, 8)}`,
    endpointConfigName,
    resolvedAt,
    variants: await Promise.all(variants.map((variant) => resolveVariant(call, variant))),
    ...(shadow && { shadow: await resolveVariant(call, shadow) }),
    ...(config.AsyncInferenceConfig !== undefined && { asyncInference: config.AsyncInferenceConfig as JsonObject }),
    dataCapture: config.DataCaptureConfig as JsonObject | undefined,
  };
}

async function resolveVariant(call: Call, variant: JsonObject): Promise<VariantSpec> {
  const serverless = variant.ServerlessConfig as JsonObject | undefined;
  const modelName = variant.ModelName as string | undefined;
  if (modelName === undefined) return hostSpec(variant);
  return {
    name: variant.VariantName as string,
    modelName,
    instanceCount: serverless ? 0 : Number(variant.InitialInstanceCount ?? 1),
    weight: Number(variant.InitialVariantWeight ?? 1),
    container: await resolveContainer(call, modelName),
    healthTimeoutSeconds: Math.min(
      Number(variant.ContainerStartupHealthCheckTimeoutInSeconds ?? 240),
      serverless ? SERVERLESS_START_SECONDS : Infinity,
    ),
    ...(serverless && { serverless: serverlessSpec(serverless) }),
  };
}

/** Nothing runs of it: the components on it are started by themselves. */
function hostSpec({ VariantName, InitialInstanceCount, InitialVariantWeight }: JsonObject): VariantSpec {
  return {
    name: VariantName as string,
    modelName: '',
    instanceCount: 0,
    weight: Number(InitialVariantWeight ?? 1),
    container: { image: '', environment: {} },
    healthTimeoutSeconds: 0,
    hosts: Number(InitialInstanceCount ?? 1),
  };
}

function serverlessSpec({ MemorySizeInMB, MaxConcurrency, ProvisionedConcurrency }: JsonObject): ServerlessSpec {
  return {
    memorySizeInMB: Number(MemorySizeInMB),
    maxConcurrency: Number(MaxConcurrency),
    ...(ProvisionedConcurrency !== undefined && { provisionedConcurrency: Number(ProvisionedConcurrency) }),
  };
}

function notRun(configName: string, member: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `Endpoint configuration ${configName}: the local SageMaker doesn't run ${member}; use an account`,
  );
}
