import type { JsonObject } from '../../../core/json';
import type { EndpointRecord } from './endpoint-record';
import type { FleetSpec, ServerlessSpec, VariantSpec } from './fleet-spec';

/** As much of a FailureReason as the service's shape allows. */
export const LONGEST_FAILURE_REASON = 1_024;

/** What runs of a fleet just now: how many instances of a variant answer, and its share of the traffic. */
export interface FleetState {
  readonly spec: FleetSpec;
  inService(variantName: string): number;
}

/** DescribeEndpoint of a record, with what really runs. */
export function describeEndpoint(
  record: EndpointRecord,
  live: FleetState | undefined,
  pending: FleetState | undefined,
): JsonObject {
  const { LastDeploymentConfig, FailureReason } = record;
  return {
    EndpointName: record.EndpointName,
    EndpointArn: record.EndpointArn,
    EndpointConfigName: record.EndpointConfigName,
    EndpointStatus: record.EndpointStatus,
    CreationTime: record.CreationTime,
    LastModifiedTime: record.LastModifiedTime,
    FailureReason,
    LastDeploymentConfig,
    DataCaptureConfig: dataCapture(record),
    ProductionVariants: live && variants(live, live.spec.variants),
    ShadowProductionVariants: live?.spec.shadow && variants(live, [live.spec.shadow]),
    AsyncInferenceConfig: live?.spec.asyncInference,
    PendingDeploymentSummary: record.pending && {
      EndpointConfigName: record.pending.endpointConfigName,
      StartTime: record.pending.startTime,
      ProductionVariants: pending && variants(pending, pending.spec.variants),
      ShadowProductionVariants: pending?.spec.shadow && variants(pending, [pending.spec.shadow]),
    },
  };
}

function variants(state: FleetState, specs: readonly VariantSpec[]): JsonObject[] {
  return specs.map((variant) => ({
    VariantName: variant.name,
    DeployedImages: [deployedImage(variant, state.spec.resolvedAt)],
    CurrentWeight: variant.weight,
    DesiredWeight: variant.weight,
    ...(variant.serverless
      ? {
          CurrentServerlessConfig: serverless(variant.serverless),
          DesiredServerlessConfig: serverless(variant.serverless),
        }
      : { CurrentInstanceCount: state.inService(variant.name), DesiredInstanceCount: variant.instanceCount }),
  }));
}

function serverless({ memorySizeInMB, maxConcurrency, provisionedConcurrency }: ServerlessSpec): JsonObject {
  return {
    MemorySizeInMB: memorySizeInMB,
    MaxConcurrency: maxConcurrency,
    ProvisionedConcurrency: provisionedConcurrency,
  };
}

function deployedImage({ container }: VariantSpec, resolvedAt: string): JsonObject {
  // There is no registry that would give a digest; the tags of CDK's images are digests of their content.
  return { SpecifiedImage: container.image, ResolvedImage: container.image, ResolutionTime: resolvedAt };
}

function dataCapture({ live, EndpointStatus }: EndpointRecord): JsonObject | undefined {
  const config = live?.dataCapture;
  if (!config) return undefined;
  const enabled = config.EnableCapture !== false;
  return {
    EnableCapture: enabled,
    CaptureStatus: enabled && EndpointStatus !== 'Failed' ? 'Started' : 'Stopped',
    CurrentSamplingPercentage: config.InitialSamplingPercentage,
    DestinationS3Uri: config.DestinationS3Uri,
    KmsKeyId: config.KmsKeyId ?? '',
  };
}
