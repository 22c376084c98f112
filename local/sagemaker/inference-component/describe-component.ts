import type { JsonObject } from '../../../core/json';
import type { ComponentRecord } from './component-record';

/** Statuses of the copies as the component has them. */
const STATUSES: Readonly<Record<string, string>> = { RollingBack: 'Updating', OutOfService: 'Failed' };

/**
 * DescribeInferenceComponent of a record.
 * @param state DescribeEndpoint's answer for the copies
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeInferenceComponent.html
 */
export function describeComponent({ revisions, ...record }: ComponentRecord, state: JsonObject): JsonObject {
  const status = state.EndpointStatus as string;
  const live = revisions.find(({ name }) => name === state.EndpointConfigName) ?? revisions.at(-1);
  const [variant = {}] = (state.ProductionVariants ?? []) as readonly JsonObject[];
  const [image] = (variant.DeployedImages ?? []) as readonly JsonObject[];
  const { Container, ...specification } = live?.specification ?? {};
  return {
    ...record,
    InferenceComponentStatus: STATUSES[status] ?? status,
    FailureReason: state.FailureReason,
    LastModifiedTime: state.LastModifiedTime,
    Specification: {
      ...specification,
      ...(Container !== undefined && { Container: { ...(Container as JsonObject), DeployedImage: image } }),
    },
    RuntimeConfig: {
      DesiredCopyCount: variant.DesiredInstanceCount ?? live?.copies,
      CurrentCopyCount: variant.CurrentInstanceCount ?? 0,
    },
    LastDeploymentConfig: componentDeployment(state.LastDeploymentConfig as JsonObject | undefined),
  };
}

function componentDeployment(config: JsonObject | undefined): JsonObject | undefined {
  const policy = config?.RollingUpdatePolicy as JsonObject | undefined;
  if (!policy) return undefined;
  const size = (value: JsonObject | undefined) =>
    value && { ...value, Type: value.Type === 'INSTANCE_COUNT' ? 'COPY_COUNT' : value.Type };
  return {
    ...config,
    RollingUpdatePolicy: {
      ...policy,
      MaximumBatchSize: size(policy.MaximumBatchSize as JsonObject | undefined),
      RollbackMaximumBatchSize: size(policy.RollbackMaximumBatchSize as JsonObject | undefined),
    },
  };
}
