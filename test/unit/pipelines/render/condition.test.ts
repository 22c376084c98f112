import { condition, fail, training } from '../../../../pipelines/builder';
import { fit, render } from './rendered';

describe('a condition', () => {
  test.each([
    ['equals', 'Equals'],
    ['above', 'GreaterThan'],
    ['atLeast', 'GreaterThanOrEqualTo'],
    ['below', 'LessThan'],
    ['atMost', 'LessThanOrEqualTo'],
  ] as const)('by %s is %s', (operator, Type) => {
    const [step] = render([condition('A', { all: [{ left: 1, operator, right: 2 }], ifTrue: [] })]);
    expect(step?.Arguments['Conditions']).toEqual([{ Type, LeftValue: 1, RightValue: 2 }]);
  });

  test('holds the steps of its branches, also further conditions', () => {
    const all = [{ left: 1, operator: 'equals', right: 1 }] as const;
    const inner = condition('Inner', { all, ifTrue: [training('Deep', fit)] });
    const [step] = render([condition('A', { all, ifTrue: [inner], ifFalse: [fail('Stop', { message: 'no' })] })]);
    expect(step?.Arguments).toMatchObject({
      IfSteps: [{ Name: 'Inner', Arguments: { IfSteps: [{ Name: 'Deep', Type: 'Training' }], ElseSteps: [] } }],
      ElseSteps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'no' } }],
    });
  });
});
