import { conditionStep, faultsOfSteps, get, job } from './faults-of';

const after = (Name: string, ...DependsOn: readonly string[]) => job(Name, { DependsOn });
const gate = (IfSteps: readonly object[], ElseSteps: readonly object[] = [], beside: object = {}) => ({
  ...conditionStep('Gate', { IfSteps, ElseSteps }),
  ...beside,
});

describe('the names of steps', () => {
  test('are unique, branches included', () => {
    expect(faultsOfSteps([job('A'), job('A')])).toEqual([
      'A: the names of steps are unique, got one outside of all branches and one outside of all branches; rename one, or keep one of the two: a step stands in one place only',
    ]);
    expect(faultsOfSteps([job('A'), gate([job('A')])])).toEqual([
      'A: the names of steps are unique, got one outside of all branches and one in IfSteps of Gate; rename one, or keep one of the two: a step stands in one place only',
    ]);
    expect(faultsOfSteps([gate([job('A')], [job('A')])])).toEqual([
      'A: the names of steps are unique, got one in IfSteps of Gate and one in ElseSteps of Gate; rename one, or keep one of the two: a step stands in one place only',
    ]);
  });
});

describe('what a step waits for', () => {
  test('exists', () => {
    expect(faultsOfSteps([job('Prepare'), after('A', 'Prepair')])).toEqual([
      'A.DependsOn[0]: unknown step, got Prepair; write Prepare, or add it to the pipeline',
    ]);
  });

  test("can't be the end of the execution", () => {
    const stop = { Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'no' } };
    const reading = job('B', {
      Arguments: { ...(job('B') as { Arguments: object }).Arguments, RoleArn: get('Steps.Stop.X') },
    });
    expect(faultsOfSteps([stop, after('A', 'Stop'), reading])).toEqual([
      'A.DependsOn[0]: a Fail step ends the execution, so nothing can follow it, got Stop; name another step',
      'B.RoleArn: a Fail step ends the execution, so nothing can follow it, got Stop; name another step',
    ]);
  });

  test("isn't itself, directly or around others", () => {
    expect(faultsOfSteps([after('A', 'A')])).toEqual([
      'A: waits for itself, got A → A; take out one of these references',
    ]);
    expect(faultsOfSteps([after('A', 'B'), after('B', 'C'), after('C', 'A')])).toEqual([
      'A: waits for itself, got A → B → C → A; take out one of these references',
    ]);
  });

  test('is found through references too', () => {
    const Environment = { READ: get('Steps.B.ProcessingJobArn') };
    const a = job('A', { Arguments: { ...(job('A') as { Arguments: object }).Arguments, Environment } });
    expect(faultsOfSteps([a, after('B', 'A')])).toEqual([
      'A: waits for itself, got A → B → A; take out one of these references',
    ]);
  });

  test('may be reached on two ways', () => {
    expect(faultsOfSteps([job('A'), after('B', 'A'), after('C', 'A'), after('D', 'B', 'C')])).toEqual([]);
  });

  test('includes the condition that holds the step', () => {
    expect(faultsOfSteps([gate([job('A')], [], { DependsOn: ['A'] })])).toEqual([
      'Gate: waits for itself, got Gate → A → Gate; take out one of these references',
    ]);
  });

  test('two knots are two faults', () => {
    expect(faultsOfSteps([after('A', 'B'), after('B', 'A'), after('C', 'C')])).toHaveLength(2);
  });
});

describe('a step in a branch', () => {
  test('may wait for its neighbours, for the outside and for the condition', () => {
    const steps = [job('Out'), gate([job('A'), after('B', 'A', 'Out')]), after('C', 'Gate')];
    expect(faultsOfSteps(steps)).toEqual([]);
  });

  test('may be waited for by steps of branches within its branch', () => {
    const inner = { ...conditionStep('Inner', { IfSteps: [after('B', 'A')] }) };
    expect(faultsOfSteps([gate([job('A'), inner])])).toEqual([]);
  });

  test("can't be waited for from outside, as it may not run", () => {
    expect(faultsOfSteps([gate([job('A')]), after('B', 'A')])).toEqual([
      'B.DependsOn[0]: A may not run, got it in IfSteps of Gate and B outside of all branches; move B into that branch, or A out of it',
    ]);
  });

  test("can't be waited for from the other branch", () => {
    expect(faultsOfSteps([gate([job('A')], [after('B', 'A')])])).toEqual([
      'B.DependsOn[0]: A may not run, got it in IfSteps of Gate and B in ElseSteps of Gate; move B into that branch, or A out of it',
    ]);
  });

  test("can't be waited for from around a deeper branch", () => {
    const inner = { ...conditionStep('Inner', { ElseSteps: [job('A')] }) };
    expect(faultsOfSteps([gate([inner, after('B', 'A')])])).toEqual([
      'B.DependsOn[0]: A may not run, got it in ElseSteps of Inner and B in IfSteps of Gate; move B into that branch, or A out of it',
    ]);
  });

  test('has its own faults, however deep', () => {
    const inner = { ...conditionStep('Inner', { ElseSteps: [after('A', 'None')] }) };
    expect(faultsOfSteps([gate([inner])])).toEqual(['A.DependsOn[0]: unknown step, got None; add it to the pipeline']);
  });
});
