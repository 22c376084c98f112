import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../core/json';
import { page } from '../sagemaker/api/page';
import type { Context } from '../sagemaker/context';
import type { Operations } from '../sagemaker/operation';
import { ServiceError } from '../sagemaker/service-error';
import { checkDimension } from './check-dimension';
import { checkStepScaling, checkTargetTracking } from './check-policy';
import { type Dimension, describeDimension, policyKey, scalableTargets, scalingPolicies, targetKey } from './records';

/** By the type of a policy, the member of the request that configures it. */
const CONFIGURATION: Readonly<Record<string, string>> = {
  TargetTrackingScaling: 'TargetTrackingScalingPolicyConfiguration',
  StepScaling: 'StepScalingPolicyConfiguration',
};

/** Scaling policies are recorded, not acted on. They make no alarms. */
export function scalingPolicyOperations(context: Context): Operations {
  const targets = scalableTargets(context.store);
  const policies = scalingPolicies(context.store);
  return {
    PutScalingPolicy(input) {
      const { dimension } = checkDimension(input);
      if (!targets.get(targetKey(dimension)))
        throw new ServiceError(
          'ObjectNotFoundException',
          `No scalable target registered for ${describeDimension(dimension)}`,
        );
      const PolicyName = input.PolicyName as string;
      const key = policyKey({ ...dimension, PolicyName });
      const earlier = policies.get(key);
      const PolicyType = (input.PolicyType ?? earlier?.PolicyType ?? 'StepScaling') as string;
      const PolicyARN =
        earlier?.PolicyARN ??
        `arn:aws:autoscaling:${context.region}:${context.account}:scalingPolicy:${randomUUID()}:resource/${dimension.ServiceNamespace}/${dimension.ResourceId}:policyName/${PolicyName}`;
      policies.put(key, {
        ...dimension,
        PolicyName,
        PolicyType,
        PolicyARN,
        CreationTime: earlier?.CreationTime ?? context.now().toISOString(),
        Alarms: [],
        ...configuration(PolicyType, input, dimension),
      });
      return { PolicyARN, Alarms: [] };
    },

    DescribeScalingPolicies(input) {
      const names = input.PolicyNames as readonly string[] | undefined;
      const { items, NextToken } = page({
        items: policies
          .list()
          .filter(
            (policy) =>
              policy.ServiceNamespace === input.ServiceNamespace &&
              (names === undefined || names.includes(policy.PolicyName)) &&
              (input.ResourceId === undefined || policy.ResourceId === input.ResourceId) &&
              (input.ScalableDimension === undefined || policy.ScalableDimension === input.ScalableDimension),
          ),
        keyOf: ({ ResourceId, ScalableDimension, PolicyName }) => [ResourceId, ScalableDimension, PolicyName],
        input,
        defaultSize: 10,
        largestSize: 50,
        invalidTokenCode: 'InvalidNextTokenException',
      });
      return { ScalingPolicies: items, NextToken };
    },

    DeleteScalingPolicy(input) {
      const { dimension } = checkDimension(input);
      const PolicyName = input.PolicyName as string;
      const key = policyKey({ ...dimension, PolicyName });
      if (!policies.get(key))
        throw new ServiceError(
          'ObjectNotFoundException',
          `No scaling policy found for ${describeDimension(dimension)}, policy name: ${PolicyName}`,
        );
      policies.delete(key);
      return {};
    },
  };
}

function configuration(PolicyType: string, input: JsonObject, dimension: Dimension): JsonObject {
  const member = Object.hasOwn(CONFIGURATION, PolicyType) ? CONFIGURATION[PolicyType] : undefined;
  if (member === undefined)
    throw invalid(
      `PolicyType ${PolicyType}: the local Application Auto Scaling only knows ${Object.keys(CONFIGURATION).join(' and ')}`,
    );
  const given = [...Object.values(CONFIGURATION), 'PredictiveScalingPolicyConfiguration'].filter(
    (name) => input[name] !== undefined,
  );
  if (given.length !== 1 || given[0] !== member)
    throw invalid(`A policy of type ${PolicyType} takes ${member}, got ${given.join(' and ') || 'none'}`);
  const settings = input[member] as JsonObject;
  if (PolicyType === 'TargetTrackingScaling') checkTargetTracking(settings, dimension);
  else checkStepScaling(settings);
  return { [member]: settings };
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
