import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../core/json';
import { page } from '../sagemaker/api/page';
import type { Context } from '../sagemaker/context';
import type { Operations } from '../sagemaker/operation';
import { ServiceError } from '../sagemaker/service-error';
import { checkDimension } from './check-dimension';
import { actionKey, describeDimension, scalableTargets, scheduledActions, targetKey } from './records';

const FORM = /^(cron|rate|at)\(.+\)$/;

/** Scheduled actions are recorded, not acted on: nothing on a laptop changes at seven in the morning. */
export function scheduledActionOperations(context: Context): Operations {
  const targets = scalableTargets(context.store);
  const actions = scheduledActions(context.store);
  return {
    PutScheduledAction(input) {
      const { dimension } = checkDimension(input);
      if (!targets.get(targetKey(dimension)))
        throw notFound(`No scalable target registered for ${describeDimension(dimension)}`);
      const ScheduledActionName = input.ScheduledActionName as string;
      const key = actionKey({ ...dimension, ScheduledActionName });
      const earlier = actions.get(key);
      const Schedule = (input.Schedule ?? earlier?.Schedule) as string | undefined;
      if (Schedule === undefined || !FORM.test(Schedule))
        throw invalid(`Schedule: must read cron(…), rate(…) or at(…), got ${Schedule ?? 'nothing'}`);
      const ScalableTargetAction = (input.ScalableTargetAction ?? earlier?.ScalableTargetAction) as
        | JsonObject
        | undefined;
      checkTargetAction(ScalableTargetAction);
      actions.put(key, {
        ...dimension,
        ScheduledActionName,
        ScheduledActionARN:
          earlier?.ScheduledActionARN ??
          `arn:aws:autoscaling:${context.region}:${context.account}:scheduledAction:${randomUUID()}:resource/${dimension.ServiceNamespace}/${dimension.ResourceId}:scheduledActionName/${ScheduledActionName}`,
        Schedule,
        ...(input.Timezone !== undefined && { Timezone: input.Timezone }),
        ...(input.StartTime !== undefined && { StartTime: input.StartTime }),
        ...(input.EndTime !== undefined && { EndTime: input.EndTime }),
        ScalableTargetAction: ScalableTargetAction ?? {},
        CreationTime: earlier?.CreationTime ?? context.now().toISOString(),
      });
      return {};
    },

    DescribeScheduledActions(input) {
      const names = input.ScheduledActionNames as readonly string[] | undefined;
      const { items, NextToken } = page({
        items: actions
          .list()
          .filter(
            (action) =>
              action.ServiceNamespace === input.ServiceNamespace &&
              (names === undefined || names.includes(action.ScheduledActionName)) &&
              (input.ResourceId === undefined || action.ResourceId === input.ResourceId) &&
              (input.ScalableDimension === undefined || action.ScalableDimension === input.ScalableDimension),
          ),
        keyOf: ({ ResourceId, ScalableDimension, ScheduledActionName }) => [
          ResourceId,
          ScalableDimension,
          ScheduledActionName,
        ],
        input,
        defaultSize: 50,
        largestSize: 50,
        invalidTokenCode: 'InvalidNextTokenException',
      });
      return { ScheduledActions: items, NextToken };
    },

    DeleteScheduledAction(input) {
      const { dimension } = checkDimension(input);
      const ScheduledActionName = input.ScheduledActionName as string;
      const key = actionKey({ ...dimension, ScheduledActionName });
      if (!actions.get(key))
        throw notFound(
          `No scheduled action found for ${describeDimension(dimension)}, scheduled action name: ${ScheduledActionName}`,
        );
      actions.delete(key);
      return {};
    },
  };
}

function checkTargetAction(action: JsonObject | undefined): void {
  const { MinCapacity, MaxCapacity } = (action ?? {}) as { MinCapacity?: number; MaxCapacity?: number };
  if (MinCapacity === undefined && MaxCapacity === undefined)
    throw invalid('ScalableTargetAction: needs MinCapacity or MaxCapacity, got neither');
  if (MinCapacity !== undefined && MaxCapacity !== undefined && MaxCapacity < MinCapacity)
    throw invalid(`Maximum capacity cannot be less than minimum capacity, got ${MaxCapacity} and ${MinCapacity}`);
}

function notFound(message: string): ServiceError {
  return new ServiceError('ObjectNotFoundException', message);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
