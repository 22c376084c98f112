import type { Value } from './ref';
import { Step, type StepOptions } from './step';

/** Ends the execution as failed. Nothing can wait for it or read from it. */
export function fail(name: string, message: Value<string>, options?: StepOptions<'Fail'>): Step<'Fail'> {
  return new Step('Fail', name, { ErrorMessage: message }, options);
}
