import type { Comparison, ConditionStep, Step } from '../../definition';
import { type Comparison as SageMakerComparison, condition as sageMakerCondition } from '../../sagemaker/condition';
import type { Step as SageMakerStep } from '../../sagemaker/step';
import { common } from './common';
import type { Values } from './values';

const COMPARISONS: Readonly<Record<Comparison['operator'], SageMakerComparison>> = {
  equals: 'Equals',
  above: 'GreaterThan',
  atLeast: 'GreaterThanOrEqualTo',
  below: 'LessThan',
  atMost: 'LessThanOrEqualTo',
};

export function condition(
  definition: ConditionStep,
  values: Values,
  render: (step: Step) => SageMakerStep | SageMakerStep[],
): SageMakerStep<'Condition'> {
  return sageMakerCondition(definition.name, {
    ...common(definition),
    conditions: definition.all.map(({ left, operator, right }) => ({
      Type: COMPARISONS[operator],
      LeftValue: values.of(left),
      RightValue: values.of(right),
    })),
    ifSteps: definition.ifTrue.flatMap(render),
    elseSteps: definition.ifFalse.flatMap(render),
  });
}
