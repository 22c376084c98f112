import type { ServingOf } from '../../config/serving';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { capturePrefix } from '../../constructs/serving/capture-prefix';
import { RealTimeEndpoint } from '../../constructs/serving/real-time-endpoint';
import { guardedRollout } from './guarded-rollout';
import { scale } from './scale';
import type { Served, ServingInputs } from './serving-inputs';

/** One version on instances, answering at once. */
export function serveRealTime(serving: ServingOf<'realtime'>, inputs: ServingInputs): Served {
  const { stack, environment, modelName, keys, lake } = inputs;
  const rollout = guardedRollout(inputs);
  const model = new ApprovedModel(stack, 'Model', inputs);
  const endpoint = new RealTimeEndpoint(stack, 'Endpoint', {
    ...rollout.endpoint,
    ...rollout.times,
    model: model.resource,
    instanceType: serving.instanceType,
    instanceCount: environment.instances.min,
    key: keys.data,
    captureUri: lake.buckets.capture.s3UrlForObject(capturePrefix(modelName, inputs.modelPackageArn)),
    capturePercent: serving.capturePercent,
  });
  scale(endpoint, inputs);
  return { executionRole: model.role, endpoint, releaseLimit: rollout.releaseLimit };
}
