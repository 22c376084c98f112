import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';
import type { DeploymentProgress } from './deployment';
import type { FleetSpec } from './fleet-spec';

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html */
export type EndpointStatus =
  | 'OutOfService'
  | 'Creating'
  | 'Updating'
  | 'RollingBack'
  | 'InService'
  | 'Deleting'
  | 'Failed';

/** What an endpoint is, and what it is about to become: enough to take it up again after a kill at any moment. */
export interface EndpointRecord {
  readonly EndpointName: string;
  readonly EndpointArn: string;
  /** Of the fleet that serves; while there is none, of the one that is asked for. */
  readonly EndpointConfigName: string;
  readonly EndpointStatus: EndpointStatus;
  readonly CreationTime: string;
  readonly LastModifiedTime: string;
  readonly FailureReason?: string;
  readonly LastDeploymentConfig?: JsonObject;
  /** The fleet that serves. */
  readonly live?: FleetSpec;
  /** An update that isn't finished. */
  readonly pending?: PendingUpdate;
  /** The latest ends and restarts of instances, at most {@link MOST_INCIDENTS}. */
  readonly incidents?: readonly Incident[];
}

export interface PendingUpdate {
  readonly endpointConfigName: string;
  readonly startTime: string;
  readonly deploymentConfig?: JsonObject;
  /** What the update takes over from the fleet that serves. */
  readonly retain: RetainedProperties;
  /** How far it is. */
  readonly progress?: DeploymentProgress;
}

export interface RetainedProperties {
  readonly weights: boolean;
  readonly counts: boolean;
  readonly dataCapture: boolean;
}

export interface Incident {
  readonly time: string;
  readonly instance: string;
  readonly state: string;
  readonly message?: string;
}

export const MOST_INCIDENTS = 20;

export function endpoints(store: Store): Collection<EndpointRecord> {
  return store.collection<EndpointRecord>('endpoints');
}

/** What the update takes over, of the request's RetainAllVariantProperties and ExcludeRetainedVariantProperties. */
export function retainedProperties(input: JsonObject): RetainedProperties {
  const all = input.RetainAllVariantProperties === true;
  const excluded = ((input.ExcludeRetainedVariantProperties ?? []) as readonly JsonObject[]).map(
    ({ VariantPropertyType }) => VariantPropertyType,
  );
  const keeps = (type: string) => all && !excluded.includes(type);
  return {
    weights: keeps('DesiredWeight'),
    counts: keeps('DesiredInstanceCount'),
    dataCapture: keeps('DataCaptureConfig'),
  };
}

/** A new fleet with what it takes over from the old one, variant by variant of the same name. */
export function retain(
  fleet: FleetSpec,
  { weights, counts, dataCapture }: RetainedProperties,
  old: FleetSpec,
): FleetSpec {
  return {
    ...fleet,
    variants: fleet.variants.map((variant) => {
      const before = old.variants.find(({ name }) => name === variant.name);
      return {
        ...variant,
        ...(before && weights && { weight: before.weight }),
        // Neither a serverless variant nor one that was scaled to nothing has a count for instances that must serve.
        ...(before &&
          counts &&
          !variant.serverless &&
          (fleet.asyncInference !== undefined || before.instanceCount > 0) && { instanceCount: before.instanceCount }),
      };
    }),
    ...(dataCapture && { dataCapture: old.dataCapture }),
  };
}
