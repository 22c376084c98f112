import type { JsonObject } from '../../../core/json';
import { holds } from './conditions';
import type { StepRunner } from './step-runner';

/** Decides between two branches; the list of conditions is an "and". */
export const conditionStep: StepRunner = {
  async run({ step, resolve }) {
    const conditions = (await resolve(step.Arguments.Conditions ?? [])) as readonly JsonObject[];
    const outcome = !conditions.map(holds).includes(false);
    return { properties: { Outcome: outcome }, metadata: { Condition: { Outcome: outcome ? 'True' : 'False' } } };
  },
};
