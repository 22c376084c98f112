import type { ServingOf } from '../../config/serving';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { capturePrefix } from '../../constructs/serving/capture-prefix';
import { MultiVariantEndpoint } from '../../constructs/serving/multi-variant-endpoint';
import { pascalCase } from '../../core/names';
import { guardedRollout } from './guarded-rollout';
import { scale } from './scale';
import type { Served, ServingInputs } from './serving-inputs';
import { variantRelease } from './variant-release';

/**
 * The release and its challengers behind one endpoint. A challenger without a release of its own serves the model's: so
 * the variants are always the same, as guardrails need it, and none is ever without a model.
 */
export function serveMultiVariant(serving: ServingOf<'multi-variant'>, inputs: ServingInputs): Served {
  const { stack, environment, modelName, keys, lake } = inputs;
  const rollout = guardedRollout(inputs);
  const live = new ApprovedModel(stack, 'Model', inputs);
  const challengers = serving.challengers.map(({ name, weight, instanceType }) => {
    const { resource } = new ApprovedModel(stack, `Model${pascalCase(name)}`, {
      ...inputs,
      modelPackageArn: variantRelease(inputs, name).ownOrLive,
      role: live.role,
    });
    return { name, weight, instanceType, model: resource };
  });
  const endpoint = new MultiVariantEndpoint(stack, 'Endpoint', {
    ...rollout.endpoint,
    ...rollout.times,
    model: live.resource,
    weight: serving.weight,
    challengers,
    instanceType: serving.instanceType,
    instanceCount: environment.instances.min,
    key: keys.data,
    captureUri: lake.buckets.capture.s3UrlForObject(capturePrefix(modelName, inputs.modelPackageArn)),
    capturePercent: serving.capturePercent,
  });
  scale(endpoint, inputs);
  for (const { name } of challengers) {
    scale(
      { endpointName: endpoint.endpointName, resource: endpoint.resource, variantName: name },
      inputs,
      `Scaling${pascalCase(name)}`,
    );
  }
  return { executionRole: live.role, endpoint, releaseLimit: rollout.releaseLimit };
}
