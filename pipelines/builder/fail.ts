import type { FailStep } from '../definition';
import { base } from './members';
import type { StepOptions } from './options';

/** Ends the pipeline as failed. */
export function fail(name: string, options: StepOptions & Pick<FailStep, 'message'>): FailStep {
  return { ...base(name, options), kind: 'fail', message: options.message };
}
