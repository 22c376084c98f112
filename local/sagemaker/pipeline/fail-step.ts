import { StepError } from './step-error';
import type { StepRunner } from './step-runner';

/** Ends the execution with a message. */
export const failStep: StepRunner = {
  async run({ step, resolve, started }) {
    const message = await resolve(step.Arguments.ErrorMessage ?? '');
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    started({ Fail: { ErrorMessage: text } });
    throw new StepError(text);
  },
};
