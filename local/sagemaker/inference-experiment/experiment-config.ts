import type { JsonObject } from '../../../core/json';
import type { ExperimentRequest } from './experiment-record';

/**
 * The EndpointConfig of an endpoint during a shadow test, or after it when the shadow was promoted.
 * @param before the endpoint's configuration as DescribeEndpointConfig answers it
 */
export function experimentConfig(
  request: ExperimentRequest,
  phase: 'during' | 'promoted',
  before: JsonObject,
): JsonObject {
  const { SourceModelVariantName: source, ShadowModelVariants } = request.ShadowModeConfig ?? {};
  const [shadow] = ShadowModelVariants ?? [];
  const variant = (name: string | undefined, weight: number): JsonObject => {
    const { ModelName, InfrastructureConfig } =
      (request.ModelVariants ?? []).find(({ VariantName }) => VariantName === name) ?? {};
    const { InstanceType, InstanceCount } = InfrastructureConfig?.RealTimeInferenceConfig ?? {};
    return {
      VariantName: name,
      ModelName,
      InstanceType,
      InitialInstanceCount: InstanceCount,
      InitialVariantWeight: weight,
    };
  };
  return {
    ...settings(request, before),
    ...(phase === 'promoted'
      ? { ProductionVariants: [variant(shadow?.ShadowModelVariantName, 1)] }
      : {
          ProductionVariants: [variant(source, 1)],
          ShadowProductionVariants: [variant(shadow?.ShadowModelVariantName, Number(shadow?.SamplingPercentage) / 100)],
        }),
  };
}

/** What the configuration before has beyond its variants, and the experiment's own capture. */
function settings({ DataStorageConfig }: ExperimentRequest, before: JsonObject): JsonObject {
  const { KmsKeyId, VpcConfig, EnableNetworkIsolation, ExecutionRoleArn, DataCaptureConfig } = before;
  const capture = DataStorageConfig && {
    EnableCapture: true,
    InitialSamplingPercentage: 100,
    DestinationS3Uri: DataStorageConfig.Destination,
    KmsKeyId: DataStorageConfig.KmsKey,
    CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    CaptureContentTypeHeader: DataStorageConfig.ContentType as JsonObject | undefined,
  };
  return {
    KmsKeyId,
    VpcConfig,
    EnableNetworkIsolation,
    ExecutionRoleArn,
    DataCaptureConfig: capture ?? DataCaptureConfig,
  };
}
