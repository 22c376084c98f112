import type { ServingOf } from '../../config/serving';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { InferenceComponentEndpoint } from '../../constructs/serving/inference-component-endpoint';
import { guardedRollout } from './guarded-rollout';
import { scaleCopies } from './scale';
import type { Served, ServingInputs } from './serving-inputs';

/** Instances, and the release as so many copies on them. */
export function serveInferenceComponent(serving: ServingOf<'inference-component'>, inputs: ServingInputs): Served {
  const { stack, environment, keys, network: _, ...rest } = inputs;
  const rollout = guardedRollout(inputs);
  // Network and isolation are the endpoint's to say here.
  const model = new ApprovedModel(stack, 'Model', {
    ...rest,
    networkIsolation: false,
    captures: false,
    runsAs: 'InferenceComponents',
  });
  inputs.network.grantAttach(model.role);
  const endpoint = new InferenceComponentEndpoint(stack, 'Endpoint', {
    ...rollout.endpoint,
    startup: rollout.times.startup,
    model: model.resource,
    executionRole: model.role,
    network: inputs.network,
    instanceType: serving.instanceType,
    instanceCount: environment.instances.min,
    maxInstances: environment.instances.max,
    key: keys.data,
    cpuCores: serving.cpuCores,
    memoryMb: serving.memoryMb,
    accelerators: serving.accelerators,
    copies: serving.copies,
  });
  scaleCopies(endpoint.component, inputs);
  return { executionRole: model.role, endpoint, releaseLimit: rollout.releaseLimit };
}
