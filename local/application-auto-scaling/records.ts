import type { Json, JsonObject } from '../../core/json';
import type { Collection, Store } from '../sagemaker/store';

/** What a target or policy is about: these three name a target. */
export type Dimension = {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
};

export interface ScalableTargetRecord extends Dimension, JsonObject {
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly RoleARN: string;
  readonly CreationTime: string;
  readonly SuspendedState: JsonObject;
  readonly ScalableTargetARN: string;
}

export interface ScalingPolicyRecord extends Dimension, JsonObject {
  readonly PolicyName: string;
  readonly PolicyARN: string;
  readonly PolicyType: string;
  readonly CreationTime: string;
  readonly Alarms: readonly Json[];
}

export interface ScheduledActionRecord extends Dimension, JsonObject {
  readonly ScheduledActionName: string;
  readonly ScheduledActionARN: string;
  readonly Schedule: string;
  readonly ScalableTargetAction: JsonObject;
  readonly CreationTime: string;
}

export function scalableTargets(store: Store): Collection<ScalableTargetRecord> {
  return store.collection('scalable-targets');
}

export function scalingPolicies(store: Store): Collection<ScalingPolicyRecord> {
  return store.collection('scaling-policies');
}

export function scheduledActions(store: Store): Collection<ScheduledActionRecord> {
  return store.collection('scheduled-actions');
}

export function targetKey({ ServiceNamespace, ResourceId, ScalableDimension }: Dimension): string {
  return [ServiceNamespace, ResourceId, ScalableDimension].join('|');
}

export function policyKey(policy: Dimension & { readonly PolicyName: string }): string {
  return `${targetKey(policy)}|${policy.PolicyName}`;
}

export function actionKey(action: Dimension & { readonly ScheduledActionName: string }): string {
  return `${targetKey(action)}|${action.ScheduledActionName}`;
}

/** As the service names a target in its messages. */
export function describeDimension({ ServiceNamespace, ResourceId, ScalableDimension }: Dimension): string {
  return `service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`;
}
