import type { Json, JsonObject } from '../../../../../core/json';
import { holds } from '../../../../../local/sagemaker/pipeline/conditions';
import { PipelineFixture } from './pipeline-fixture';
import { choose, definition, run, shell, tell } from './run-pipeline';

const compare = (Type: string, LeftValue: Json, RightValue: Json): JsonObject => ({ Type, LeftValue, RightValue });
const YES = compare('Equals', 1, 1);
const NO = compare('Equals', 1, 2);

describe('a condition', () => {
  test.each([
    ['Equals', 'a', 'a', true],
    ['Equals', 'a', 'b', false],
    ['Equals', true, true, true],
    ['Equals', 1, 1.5, false],
    ['GreaterThan', 2, 1, true],
    ['GreaterThan', 1, 1, false],
    ['GreaterThan', 'b', 'a', true],
    ['GreaterThanOrEqualTo', 1, 1, true],
    ['GreaterThanOrEqualTo', 0.9, 1, false],
    ['LessThan', -1, 0, true],
    ['LessThan', 0, 0, false],
    ['LessThanOrEqualTo', 0, 0, true],
    ['LessThanOrEqualTo', 0.1, 0, false],
  ])('%s of %j and %j is decided', (type, left, right, expected) => {
    expect(holds(compare(type, left, right))).toBe(expected);
  });

  test.each([
    [{ Type: 'In', QueryValue: 'a', Values: ['b', 'a'] }, true],
    [{ Type: 'In', QueryValue: 3, Values: [1, 2] }, false],
    [{ Type: 'In', QueryValue: 3, Values: [] }, false],
    [{ Type: 'Not', Condition: YES }, false],
    [{ Type: 'Not', Condition: { Type: 'Not', Condition: YES } }, true],
    [{ Type: 'Or', Conditions: [NO, YES] }, true],
    [{ Type: 'Or', Conditions: [NO, NO] }, false],
    [{ Type: 'Or', Conditions: [] }, false],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  test.each([
    [compare('Equals', 1, '1'), 'Equals: both sides must be of one type, got 1 (number) and "1" (string)'],
    [compare('LessThan', true, 1), 'got true (boolean) and 1 (number)'],
    [compare('Equals', null, null), 'must be of one type, got null'],
    [compare('Equals', { a: 1 }, { a: 1 }), 'must be of one type'],
    [compare('GreaterThan', true, false), 'truth values have no order; use Equals'],
    [{ Type: 'In', QueryValue: 1, Values: [1, '1'] }, 'In: both sides must be of one type'],
    [{ Type: 'Or', Conditions: [YES, compare('Equals', 1, 'x')] }, 'must be of one type'],
    [compare('Near', 1, 1), "a condition can't be of type Near; use Equals, GreaterThan"],
  ])('%j is refused', (condition, message) => {
    expect(() => holds(condition)).toThrow(message);
  });
});

describe('a condition step', () => {
  let local: PipelineFixture;
  beforeEach(async () => {
    local = await new PipelineFixture().start();
  });
  afterEach(() => local.remove());

  const branches = { IfSteps: [shell('Then', ':')], ElseSteps: [tell('Otherwise', 'no')] };

  test('runs its first branch if all of its conditions hold', async () => {
    const { status, statuses, steps } = await run(local, definition([choose('Gate', [YES, YES], branches)]));
    expect([status, statuses]).toEqual(['Succeeded', { Gate: 'Succeeded', Then: 'Succeeded' }]);
    expect(steps[0]?.Metadata).toEqual({ Condition: { Outcome: 'True' } });
  });

  test('runs its other branch if one does not hold, and a Fail step fails with its message', async () => {
    const { status, statuses, reason, steps } = await run(local, definition([choose('Gate', [YES, NO], branches)]));
    expect([status, statuses]).toEqual(['Failed', { Gate: 'Succeeded', Otherwise: 'Failed' }]);
    expect(reason).toBe('Step failure: One or multiple steps failed. Otherwise: no');
    expect(steps[1]).toMatchObject({ FailureReason: 'no', Metadata: { Fail: { ErrorMessage: 'no' } } });
  });

  test('may stand in a branch, and its branch is not reached from the other one', async () => {
    const inner = choose('Inner', [NO], { IfSteps: [shell('A', ':')], ElseSteps: [shell('B', ':')] });
    const body = definition([choose('Outer', [YES], { IfSteps: [inner], ElseSteps: [shell('C', ':')] })]);
    expect((await run(local, body)).statuses).toEqual({ Outer: 'Succeeded', Inner: 'Succeeded', B: 'Succeeded' });
  });

  test('has an outcome that others may refer to', async () => {
    const second = choose('Second', [compare('Equals', { Get: 'Steps.First.Outcome' }, false)], branches);
    const { statuses } = await run(local, definition([second, choose('First', [NO])]));
    expect(statuses).toEqual({ First: 'Succeeded', Second: 'Succeeded', Then: 'Succeeded' });
  });

  test('waits for what its branches do not wait for', async () => {
    const value = { Get: 'Steps.Work.ProcessingJobStatus' };
    const gate = choose('Gate', [compare('Equals', value, 'Completed')], branches);
    expect((await run(local, definition([gate, shell('Work', ':')]))).steps.map(({ StepName }) => StepName)).toEqual([
      'Work',
      'Gate',
      'Then',
    ]);
  });

  test('fails if its values are of different types, whatever the other conditions say', async () => {
    const Parameters = [{ Name: 'Limit', Type: 'Float', DefaultValue: 1 }];
    const gate = choose('Gate', [NO, compare('LessThan', { Get: 'Parameters.Limit' }, 'x')], branches);
    const { statuses, reason } = await run(local, definition([gate], { Parameters }));
    expect(statuses).toEqual({ Gate: 'Failed' });
    expect(reason).toContain('LessThan: both sides must be of one type, got 1 (number) and "x" (string)');
  });
});
