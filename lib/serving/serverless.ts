import type { ServingOf } from '../../config/serving';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { ServerlessEndpoint } from '../../constructs/serving/serverless-endpoint';
import { guardedRollout } from './guarded-rollout';
import { scale } from './scale';
import type { Served, ServingInputs } from './serving-inputs';

/** One version on nobody's instances. No VPC and no network isolation: SageMaker knows neither here. */
export function serveServerless(serving: ServingOf<'serverless'>, inputs: ServingInputs): Served {
  const { stack, network: _, ...rest } = inputs;
  const rollout = guardedRollout(inputs);
  const model = new ApprovedModel(stack, 'Model', {
    ...rest,
    networkIsolation: false,
    captures: false,
    guarded: false,
  });
  const endpoint = new ServerlessEndpoint(stack, 'Endpoint', {
    ...rollout.endpoint,
    model: model.resource,
    memoryMb: serving.memoryMb,
    maxConcurrency: serving.maxConcurrency,
    provisionedConcurrency: serving.provisionedConcurrency,
  });
  scale(endpoint, inputs);
  return { executionRole: model.role, endpoint, releaseLimit: rollout.releaseLimit };
}
