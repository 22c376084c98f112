import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../core/json';
import { page } from '../sagemaker/api/page';
import type { Context } from '../sagemaker/context';
import type { Call, Operations } from '../sagemaker/operation';
import { ServiceError } from '../sagemaker/service-error';
import { checkDimension, fewestOf } from './check-dimension';
import {
  type Dimension,
  describeDimension,
  scalableTargets,
  scalingPolicies,
  scheduledActions,
  targetKey,
} from './records';

/** Scalable targets are recorded. Those of asynchronous endpoints are acted on by the `BacklogScaler`, no others. */
export function scalableTargetOperations(context: Context, call: Call): Operations {
  const targets = scalableTargets(context.store);
  const policies = scalingPolicies(context.store);
  const actions = scheduledActions(context.store);
  return {
    async RegisterScalableTarget(input) {
      const scaled = checkDimension(input);
      const { dimension } = scaled;
      const earlier = targets.get(targetKey(dimension));
      const MinCapacity = capacity('MinCapacity', input.MinCapacity ?? earlier?.MinCapacity);
      const MaxCapacity = capacity('MaxCapacity', input.MaxCapacity ?? earlier?.MaxCapacity);
      if (MaxCapacity < MinCapacity)
        throw invalid(`Maximum capacity cannot be less than minimum capacity, got ${MaxCapacity} and ${MinCapacity}`);
      // What it scales may be gone by now: its bounds still change.
      const fewest = earlier ? Math.min(earlier.MinCapacity, 1) : await fewestOf(scaled, call);
      if (MinCapacity < fewest) throw invalid(`MinCapacity: must be a whole number from ${fewest}, got ${MinCapacity}`);
      const ScalableTargetARN = targetArn(context, dimension);
      targets.put(targetKey(dimension), {
        ...dimension,
        MinCapacity,
        MaxCapacity,
        RoleARN: (input.RoleARN ?? earlier?.RoleARN ?? serviceRole(context)) as string,
        CreationTime: earlier?.CreationTime ?? context.now().toISOString(),
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false,
          ...earlier?.SuspendedState,
          ...(input.SuspendedState as JsonObject | undefined),
        },
        ScalableTargetARN,
      });
      return { ScalableTargetARN };
    },

    DescribeScalableTargets(input) {
      const ids = input.ResourceIds as readonly string[] | undefined;
      const { items, NextToken } = page({
        items: targets
          .list()
          .filter(
            (target) =>
              target.ServiceNamespace === input.ServiceNamespace &&
              (ids === undefined || ids.includes(target.ResourceId)) &&
              (input.ScalableDimension === undefined || target.ScalableDimension === input.ScalableDimension),
          ),
        keyOf: ({ ResourceId, ScalableDimension }) => [ResourceId, ScalableDimension],
        input,
        defaultSize: 50,
        largestSize: 50,
        invalidTokenCode: 'InvalidNextTokenException',
      });
      return { ScalableTargets: items, NextToken };
    },

    /** Its policies and scheduled actions go with a target. */
    DeregisterScalableTarget(input) {
      const { dimension } = checkDimension(input);
      const key = targetKey(dimension);
      if (!targets.get(key))
        throw new ServiceError(
          'ObjectNotFoundException',
          `No scalable target found for ${describeDimension(dimension)}`,
        );
      for (const kept of [policies, actions]) {
        for (const name of kept.names()) if (name.startsWith(`${key}|`)) kept.delete(name);
      }
      targets.delete(key);
      return {};
    },
  };
}

function capacity(member: string, value: Json | undefined): number {
  if (value === undefined)
    throw invalid(`${member} is missing: a new scalable target needs MinCapacity and MaxCapacity`);
  if (Number.isInteger(value) && Number(value) >= 0) return Number(value);
  throw invalid(`${member}: must be a whole number from 0, got ${JSON.stringify(value)}`);
}

function targetArn({ region, account }: Context, dimension: Dimension): string {
  const id = createHash('sha256').update(targetKey(dimension)).digest('hex').slice(0, 34);
  return `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${id}`;
}

function serviceRole({ account }: Context): string {
  return `arn:aws:iam::${account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
