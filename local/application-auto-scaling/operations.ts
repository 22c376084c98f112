import type { JsonObject } from '../../core/json';
import type { Context } from '../sagemaker/context';
import type { Operations } from '../sagemaker/operation';
import { scalableTargetOperations } from './scalable-target-operations';
import { scalingPolicyOperations } from './scaling-policy-operations';

/** @param call reaches an action of SageMaker */
export function applicationAutoScalingOperations(
  context: Context,
  call: (action: string, input: JsonObject) => Promise<JsonObject>,
): Operations {
  return { ...scalableTargetOperations(context, call), ...scalingPolicyOperations(context) };
}
