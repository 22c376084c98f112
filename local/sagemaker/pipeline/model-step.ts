import type { JsonObject } from '../../../core/json';
import { text } from '../job/text';
import { invoke } from './job-step';
import type { StepRunner } from './step-runner';

const MODEL_NAME_LIMIT = 63;

/** Makes a Model out of an artefact and an image. */
export const modelStep: StepRunner = {
  async run({ step, name, call, resolve, started }) {
    const request = (await resolve(step.Arguments)) as JsonObject;
    const ModelName = name(MODEL_NAME_LIMIT);
    const { ModelArn } = await invoke(call, 'CreateModel', { ...request, ModelName });
    started({ Model: { Arn: text(ModelArn) } });
    return { properties: await invoke(call, 'DescribeModel', { ModelName }) };
  },
};
