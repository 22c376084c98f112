import type { JsonObject } from '../../../core/json';
import { text } from '../job/text';
import type { Call } from '../operation';
import type { Collection } from '../store';
import type { ComponentRecord, Revision } from './component-record';

/** Copies of a component are run as the instances of one variant; revisions stand for its configurations and models. */
export function componentCall(records: Collection<ComponentRecord>, call: Call): Call {
  const find = (name: string) => {
    for (const record of records.list()) {
      const revision = record.revisions.find((each) => each.name === name);
      if (revision) return { record, revision };
    }
    return undefined;
  };
  return async (action, input) => {
    const found = action === 'DescribeEndpointConfig' ? find(text(input.EndpointConfigName)) : undefined;
    if (found) return configOf(found.record, found.revision);
    const own = action === 'DescribeModel' ? find(text(input.ModelName)) : undefined;
    return own ? modelOf(own.revision) : call(action, input);
  };
}

function configOf({ VariantName }: ComponentRecord, { name, specification, copies }: Revision): JsonObject {
  const { ModelName = name, StartupParameters } = specification;
  return {
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName,
        ModelName,
        InitialInstanceCount: copies,
        InitialVariantWeight: 1,
        ContainerStartupHealthCheckTimeoutInSeconds: (StartupParameters as JsonObject | undefined)
          ?.ContainerStartupHealthCheckTimeoutInSeconds,
      },
    ],
  };
}

/** A component may bring its container itself. */
function modelOf({ name, specification }: Revision): JsonObject {
  const { Image, ArtifactUrl, Environment } = (specification.Container ?? {}) as JsonObject;
  return { ModelName: name, PrimaryContainer: { Image, ModelDataUrl: ArtifactUrl, Environment } };
}

/** A component's DeploymentConfig as an endpoint has it: the two differ in one word. */
export function deploymentOf(config: JsonObject | undefined): JsonObject | undefined {
  const policy = config?.RollingUpdatePolicy as JsonObject | undefined;
  if (!policy) return config;
  const { MaximumBatchSize, RollbackMaximumBatchSize } = policy;
  return {
    ...config,
    RollingUpdatePolicy: {
      ...policy,
      MaximumBatchSize: size(MaximumBatchSize as JsonObject),
      ...(RollbackMaximumBatchSize !== undefined && {
        RollbackMaximumBatchSize: size(RollbackMaximumBatchSize as JsonObject),
      }),
    },
  };
}

function size({ Type, Value }: JsonObject): JsonObject {
  return { Type: Type === 'COPY_COUNT' ? 'INSTANCE_COUNT' : Type, Value };
}
