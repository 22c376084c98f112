import { SHADOW_VARIANT } from '../../config/further-releases';
import type { ServingOf } from '../../config/serving';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { capturePrefix } from '../../constructs/serving/capture-prefix';
import { ShadowEndpoint } from '../../constructs/serving/shadow-endpoint';
import { ShadowExperiment } from '../../constructs/serving/shadow-experiment';
import { guardedRollout } from './guarded-rollout';
import { scale } from './scale';
import type { Served, ServingInputs } from './serving-inputs';
import { variantRelease } from './variant-release';

/** The release, and beside it a candidate that answers nobody; it's there while its own release parameter names one. */
export function serveShadow(serving: ServingOf<'shadow'>, inputs: ServingInputs): Served {
  const { stack, environment, modelName, keys, lake } = inputs;
  const { instanceType, samplePercent, shadowInstances, experiment } = serving;
  const rollout = guardedRollout(inputs);
  const live = new ApprovedModel(stack, 'Model', inputs);
  const { own, condition } = variantRelease(inputs, SHADOW_VARIANT);
  const candidate = new ApprovedModel(stack, 'ModelShadow', {
    ...inputs,
    modelPackageArn: own,
    condition,
    role: live.role,
  });
  const liveInstances = environment.instances.min;
  const endpoint = new ShadowEndpoint(stack, 'Endpoint', {
    ...rollout.endpoint,
    ...rollout.times,
    model: live.resource,
    instanceType,
    instanceCount: liveInstances,
    shadow: { model: candidate.resource, condition, samplePercent, instanceCount: shadowInstances, experiment },
    key: keys.data,
    captureUri: lake.buckets.capture.s3UrlForObject(capturePrefix(modelName, inputs.modelPackageArn)),
    capturePercent: serving.capturePercent,
  });
  // The shadow stays as large as it is: nobody waits for it.
  scale(endpoint, inputs);
  const test =
    experiment &&
    new ShadowExperiment(stack, 'Experiment', {
      endpoint,
      condition,
      live: { model: live.resource, instanceCount: liveInstances },
      shadow: { model: candidate.resource, instanceCount: shadowInstances },
      instanceType,
      samplePercent,
      ...experiment,
      executionRole: live.role,
      key: keys.data,
    });
  return {
    executionRole: live.role,
    furtherRoles: test ? [test.role] : [],
    endpoint,
    releaseLimit: rollout.releaseLimit,
  };
}
