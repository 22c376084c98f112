import type { Context } from '../sagemaker/context';
import type { Call, Operations } from '../sagemaker/operation';
import { scalableTargetOperations } from './scalable-target-operations';
import { scalingPolicyOperations } from './scaling-policy-operations';
import { scheduledActionOperations } from './scheduled-action-operations';

/** @param call reaches an action of SageMaker */
export function applicationAutoScalingOperations(context: Context, call: Call): Operations {
  return {
    ...scalableTargetOperations(context, call),
    ...scalingPolicyOperations(context),
    ...scheduledActionOperations(context),
  };
}
