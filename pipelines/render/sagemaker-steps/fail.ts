import type { FailStep } from '../../definition';
import { fail as sageMakerFail } from '../../sagemaker/fail';
import type { Step } from '../../sagemaker/step';
import { common } from './common';
import type { Values } from './values';

export function fail(definition: FailStep, values: Values): Step<'Fail'> {
  return sageMakerFail(definition.name, values.text(definition.message), common(definition));
}
