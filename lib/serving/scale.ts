import { Duration } from 'aws-cdk-lib';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { autoscalingOf } from '../../config/autoscaling';
import { ComponentCopyScaling } from '../../constructs/serving/component-copy-scaling';
import { endpointScaling } from '../../constructs/serving/endpoint-scaling';
import type { ScaledEndpoint } from '../../constructs/serving/scaling-target';
import type { ServingInputs } from './serving-inputs';

/** Scales the copies of an inference component, where the model's config says so. */
export function scaleCopies(component: CfnInferenceComponent, inputs: ServingInputs): void {
  const { stack, environment, spec, condition, registered } = inputs;
  const autoscaling = autoscalingOf(spec);
  if (autoscaling?.kind !== 'copies') return;
  new ComponentCopyScaling(stack, 'Scaling', {
    component,
    componentName: registered.name,
    condition,
    minCopies: autoscaling.min,
    maxCopies: autoscaling.max,
    metric: autoscaling.metric,
    perCopy: autoscaling.perCopy,
    scaleOutCooldown: Duration.seconds(autoscaling.scaleOutCooldownSeconds),
    scaleInCooldown: Duration.seconds(autoscaling.scaleInCooldownSeconds),
    scheduledActions: environment.schedules ? autoscaling.scheduledActions : {},
  });
}

/** Scales one variant of an endpoint by what the model's config says. @param id one for each variant */
export function scale(endpoint: ScaledEndpoint, inputs: ServingInputs, id = 'Scaling'): void {
  const { stack, environment, spec, condition } = inputs;
  const autoscaling = autoscalingOf(spec);
  // Copies are an inference component's.
  if (!autoscaling || autoscaling.kind === 'copies') return;
  const { instances, schedules } = environment;
  endpointScaling(stack, id, { endpoint, condition, autoscaling, instances, schedules });
}
