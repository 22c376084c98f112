import type { JsonObject } from '../../../core/json';
import type { DeploymentPlan } from './deployment-plan';
import type { EndpointRecord } from './endpoint-record';
import type { FleetSpec, ServerlessSpec, VariantSpec } from './fleet-spec';
import { variantStatus } from './variant-status';

/** As much of a FailureReason as the service's shape allows. */
export const LONGEST_FAILURE_REASON = 1_024;

/** What runs of a fleet just now. */
export interface FleetState {
  readonly spec: FleetSpec;
  /** Instances of a variant that answer. */
  inService(variantName: string): number;
  /** Those of them that get requests, once any go to the fleet. */
  activated(variantName: string): number;
}

/** The deployment that is under way. */
export interface DeploymentState {
  readonly plan: DeploymentPlan;
  readonly green: FleetState;
  /** The new fleet as it is to be in the end. */
  readonly target: FleetSpec;
  /** Share of the traffic that goes to it, in percent. */
  readonly greenPercent: number;
}

/** Floating point leaves 0.30000000000000004 otherwise. */
const DIGITS = 1e6;

/**
 * DescribeEndpoint of a record, with what really runs.
 *
 * While a deployment is under way, `ProductionVariants` are the old fleet, blue, and
 * `PendingDeploymentSummary.ProductionVariants` the new one, green. As with the service, green's CurrentInstanceCount
 * counts the instances that take traffic, of DesiredInstanceCount. Besides, each CurrentWeight is the part of the
 * DesiredWeight that is in force, so that a canary of 10 % shows as such on two instances. See {@link shiftedPercent} for
 * a reading that fits both.
 */
export function describeEndpoint(
  record: EndpointRecord,
  live: FleetState | undefined,
  deployment: DeploymentState | undefined,
): JsonObject {
  const { LastDeploymentConfig, FailureReason } = record;
  const greenPercent = deployment?.greenPercent ?? 0;
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
    ProductionVariants: live && live.spec.variants.map((variant) => summary(live, variant, 100 - greenPercent)),
    ShadowProductionVariants: live?.spec.shadow && [summary(live, live.spec.shadow, 100)],
    AsyncInferenceConfig: live?.spec.asyncInference,
    PendingDeploymentSummary: record.pending && {
      EndpointConfigName: record.pending.endpointConfigName,
      StartTime: record.pending.startTime,
      ProductionVariants: deployment && pendingVariants(record, deployment),
      ShadowProductionVariants: deployment?.target.shadow && [summary(deployment.green, deployment.target.shadow, 100)],
    },
  };
}

function pendingVariants({ pending }: EndpointRecord, deployment: DeploymentState): JsonObject[] {
  const { plan, green, target, greenPercent } = deployment;
  const progress = pending?.progress;
  return target.variants.map((variant) => {
    const activated = green.activated(variant.name);
    return {
      ...summary({ spec: target, inService: () => activated }, variant, greenPercent),
      ...(progress && {
        VariantStatus: variantStatus({ progress, plan, activated, wanted: variant.instanceCount }),
      }),
    };
  });
}

/** @param percent of its weight that is in force */
function summary(state: Pick<FleetState, 'spec' | 'inService'>, variant: VariantSpec, percent: number): JsonObject {
  return {
    VariantName: variant.name,
    ...(variant.hosts === undefined && { DeployedImages: [deployedImage(variant, state.spec.resolvedAt)] }),
    CurrentWeight: Math.round((variant.weight * percent * DIGITS) / 100) / DIGITS,
    DesiredWeight: variant.weight,
    ...(variant.serverless
      ? {
          CurrentServerlessConfig: serverless(variant.serverless),
          DesiredServerlessConfig: serverless(variant.serverless),
        }
      : {
          CurrentInstanceCount: variant.hosts ?? state.inService(variant.name),
          DesiredInstanceCount: variant.hosts ?? variant.instanceCount,
        }),
  };
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
