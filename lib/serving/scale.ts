import { autoscalingOf } from '../../config/autoscaling';
import { endpointScaling } from '../../constructs/serving/endpoint-scaling';
import type { ScaledEndpoint } from '../../constructs/serving/scaling-target';
import type { ServingInputs } from './serving-inputs';

/** Scales one variant of an endpoint by what the model's config says. @param id one for each variant */
export function scale(endpoint: ScaledEndpoint, inputs: ServingInputs, id = 'Scaling'): void {
  const { stack, environment, spec, condition } = inputs;
  const autoscaling = autoscalingOf(spec);
  // Copies are an inference component's.
  if (!autoscaling || autoscaling.kind === 'copies') return;
  const { instances, schedules } = environment;
  endpointScaling(stack, id, { endpoint, condition, autoscaling, instances, schedules });
}
