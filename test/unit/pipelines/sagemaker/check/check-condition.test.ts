import { conditionStep, faultsOfSteps, get } from './faults-of';

const PARAMETERS = [
  { Name: 'Text', Type: 'String' },
  { Name: 'Count', Type: 'Integer' },
  { Name: 'Rate', Type: 'Float' },
  { Name: 'Yes', Type: 'Boolean' },
];

function faultsOf(...Conditions: readonly unknown[]): string[] {
  return faultsOfSteps([conditionStep('Gate', { Conditions })], PARAMETERS);
}

const compare = (Type: string, LeftValue: unknown, RightValue: unknown) => ({ Type, LeftValue, RightValue });
const equal = compare('Equals', 1, 1);

describe('a condition', () => {
  test.each([
    [equal],
    [compare('Equals', get('Parameters.Text'), 'a')],
    [compare('Equals', get('Parameters.Yes'), true)],
    [compare('GreaterThan', get('Parameters.Count'), get('Parameters.Rate'))],
    [compare('GreaterThanOrEqualTo', get('Parameters.Count'), 0)],
    [compare('LessThan', get('Parameters.Rate'), -1.5)],
    [compare('LessThanOrEqualTo', 1, 2)],
    [{ Type: 'In', QueryValue: get('Parameters.Text'), Values: ['a', get('Parameters.Text')] }],
    [{ Type: 'Not', Condition: { Type: 'Or', Conditions: [equal, equal] } }],
  ])('may be %j', (condition) => {
    expect(faultsOf(condition)).toEqual([]);
  });

  test.each<[unknown, string]>([
    [
      { Type: 'Equal' },
      '.Type: must be one of Equals, GreaterThan, GreaterThanOrEqualTo, LessThan, LessThanOrEqualTo, In, Not, Or, got "Equal"; choose one of them',
    ],
    [
      'a < b',
      '.Type: must be one of Equals, GreaterThan, GreaterThanOrEqualTo, LessThan, LessThanOrEqualTo, In, Not, Or, got nothing; choose one of them',
    ],
    [
      null,
      '.Type: must be one of Equals, GreaterThan, GreaterThanOrEqualTo, LessThan, LessThanOrEqualTo, In, Not, Or, got nothing; choose one of them',
    ],
    [{ Type: 'Equals', LeftValue: 1 }, ': missing required member RightValue, got nothing; add RightValue'],
    [{ ...equal, Values: [] }, '.Values: unknown member, got []; remove it: there are Type, LeftValue, RightValue'],
    [{ Type: 'In', QueryValue: 1, Values: [] }, '.Values: must hold at least one value, got none; add one'],
    [
      { Type: 'In', QueryValue: 1, Values: ['1'] },
      '.Values[0]: compares values of one type, got integer and string; compare like with like',
    ],
    [{ Type: 'Or', Conditions: [] }, '.Conditions: must hold at least one condition, got none; add one'],
    [{ Type: 'Not' }, ': missing required member Condition, got nothing; add Condition'],
    [
      { Type: 'Not', Condition: { Type: 'Or', Conditions: [equal, { ...equal, LeftValue: get('Parameters.None') }] } },
      '.Condition.Conditions[1].LeftValue: unknown parameter, got None; declare it',
    ],
    [
      compare('Equals', get('Parameters.Yes'), 'true'),
      ': compares values of one type, got boolean and string; compare like with like',
    ],
    [
      compare('LessThan', get('Parameters.Text'), 'b'),
      ': LessThan compares numbers, got a string; compare numbers, or use Equals',
    ],
    [
      compare('GreaterThan', true, get('Parameters.Yes')),
      ': GreaterThan compares numbers, got a boolean; compare numbers, or use Equals',
    ],
    [
      compare('Equals', [1], 1),
      '.LeftValue: must be a string, a number, a boolean or a reference, got [1]; write one of them',
    ],
    [
      compare('Equals', Number.NaN, 1),
      '.LeftValue: must be a string, a number, a boolean or a reference, got NaN; write one of them',
    ],
  ])("can't be %j", (condition, fault) => {
    expect(faultsOf(condition)).toEqual([`Gate.Conditions[0]${fault}`]);
  });

  test('compares something', () => {
    expect(faultsOf()).toEqual(['Gate.Conditions: must hold at least one condition, got none; add one']);
  });

  test('has both branches and nothing else', () => {
    const Arguments = { Conditions: [equal], IfSteps: [], Otherwise: [] };
    expect(faultsOfSteps([{ ...conditionStep('Gate'), Arguments }])).toEqual([
      'Gate: missing required member ElseSteps, got nothing; add ElseSteps',
      'Gate.Otherwise: unknown member, got []; remove it: there are Conditions, IfSteps, ElseSteps',
    ]);
  });

  test('has branches that are lists', () => {
    expect(faultsOfSteps([conditionStep('Gate', { IfSteps: {} })])).toEqual([
      'Gate.IfSteps: must be a list, got {}; write a list',
    ]);
  });
});
