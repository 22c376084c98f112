import { LARGEST_DEFINITION } from '../../../../../pipelines/sagemaker/check/check-definition';
import { conditionStep, faultsOf, faultsOfSteps, get, job, jobWith } from './faults-of';

const whole = { Version: '2020-12-01', Steps: [job('A')] };

describe('a definition', () => {
  test('needs a version and a step, and nothing else', () => {
    expect(faultsOf(whole)).toEqual([]);
    expect(faultsOf({ Steps: [job('A')] })).toEqual([
      'definition: missing required member Version, got nothing; add Version',
    ]);
    expect(faultsOfSteps([])).toEqual(['Steps: a pipeline needs at least one step, got none; add one']);
  });

  test('has no members that SageMaker knows nothing of', () => {
    expect(faultsOf({ ...whole, Step: [] })).toEqual([
      'definition.Step: unknown member, got []; write Steps, or remove it',
    ]);
  });

  test('has steps that are structures with names', () => {
    expect(faultsOfSteps([job('A'), null as never, { Type: 'Fail' }])).toEqual([
      'Steps[1]: a step is a structure with a Name, got null; give it one',
      'Steps[2]: a step is a structure with a Name, got {"Type":"Fail"}; give it one',
    ]);
    expect(faultsOfSteps([conditionStep('Gate', { ElseSteps: [7] })])).toContain(
      'Gate.ElseSteps[0]: a step is a structure with a Name, got 7; give it one',
    );
  });

  test.each([[LARGEST_DEFINITION], [LARGEST_DEFINITION + 1]])('of %d characters is judged by its length', (size) => {
    const empty = { ...whole, Metadata: { filler: '' } };
    const filler = 'x'.repeat(size - JSON.stringify(empty).length);
    const faults = faultsOf({ ...whole, Metadata: { filler } });
    expect(faults).toEqual(
      size === LARGEST_DEFINITION
        ? []
        : [
            'definition: must have at most 1048576 characters, got 1048577; split the pipeline, or move long arguments into files',
          ],
    );
  });

  test('reports all faults that have nothing to do with each other', () => {
    const steps = [
      job('Bad name!'),
      job('A', { CacheConfig: { Enabled: true, ExpireAfter: '30 days' } }),
      jobWith({ RoleArn: 'role', Environment: { A: get('Parameters.None') } }),
    ];
    const faults = faultsOfSteps(steps, [{ Name: 'P', Type: 'Text' }]);
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
      'Parameters.P.Type',
      '"Bad name!"',
      'A.CacheConfig.ExpireAfter',
      'Job.Environment.A',
      'Job.RoleArn',
    ]);
  });
});

describe('the experiment of a pipeline', () => {
  const of = (PipelineExperimentConfig: unknown) => faultsOf({ ...whole, PipelineExperimentConfig });

  test('is named by texts, by variables of the execution, or not at all', () => {
    expect(of(null)).toEqual([]);
    expect(of({ ExperimentName: 'churn', TrialName: get('Execution.PipelineExecutionId') })).toEqual([]);
  });

  test('names both the experiment and the trial', () => {
    expect(of({ ExperimentName: 'churn' })).toEqual([
      'definition.PipelineExperimentConfig: missing required member TrialName, got nothing; add TrialName',
    ]);
  });

  test('is named before any step runs, by a text', () => {
    expect(of({ ExperimentName: get('Steps.A.ProcessingJobArn'), TrialName: 7 })).toEqual([
      'PipelineExperimentConfig.TrialName: must be a string, got 7; write a string',
      'PipelineExperimentConfig.ExperimentName: is needed before any step runs, got a reference to A; read a parameter or a variable of the execution',
    ]);
  });
});
