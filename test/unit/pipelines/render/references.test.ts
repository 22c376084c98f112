import {
  execution,
  parameter,
  pipeline,
  processing,
  type TrainingOptions,
  text,
  training,
  tuning,
} from '../../../../pipelines/builder';
import type { Step } from '../../../../pipelines/definition';
import { renderSageMaker } from '../../../../pipelines/render/sagemaker';
import { compute, fit, RUNTIME, render, search } from './rendered';

describe('a reference', () => {
  /** What a training step receives for a hyperparameter. */
  function received(value: TrainingOptions['hyperparameters'], ...before: readonly Step[]): unknown {
    const parameters = [parameter('Text', 'string'), parameter('Count', 'integer')];
    const steps = render([...before, training('B', { ...fit, hyperparameters: value })], {}, parameters);
    const given = steps.at(-1)?.Arguments['HyperParameters'] as { v: unknown } | undefined;
    return given?.v;
  }

  const source = processing('A', {
    compute,
    script: 'a.py',
    outputs: ['report'],
    metricFiles: { Metrics: { output: 'report', file: 'a.json' } },
  });
  const output = { Get: "Steps.A.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri" };
  const joined = (...Values: readonly unknown[]) => ({ 'Std:Join': { On: '', Values } });

  test('to an output is its place', () => {
    expect(received({ v: source.output('report') }, source)).toEqual(output);
    expect(received({ v: source.output('report', 'a.json') }, source)).toEqual({
      'Std:Join': { On: '/', Values: [output, 'a.json'] },
    });
  });

  test('to a metric becomes text where text is needed', () => {
    const PropertyFile = { Get: 'Steps.A.PropertyFiles.Metrics' };
    expect(received({ v: source.metric('Metrics', 'auc.value') }, source)).toEqual(
      joined({ 'Std:JsonGet': { PropertyFile, Path: 'auc.value' } }),
    );
  });

  test('to a parameter becomes text unless it is one', () => {
    expect(received({ v: parameter('Text', 'string') })).toEqual({ Get: 'Parameters.Text' });
    expect(received({ v: parameter('Count', 'integer') })).toEqual(joined({ Get: 'Parameters.Count' }));
  });

  test('to the execution is its variable', () => {
    expect(received({ v: execution('id') })).toEqual({ Get: 'Execution.PipelineExecutionId' });
    expect(received({ v: execution('startTime') })).toEqual({ Get: 'Execution.StartDateTime' });
    expect(received({ v: execution('pipelineName') })).toEqual({ Get: 'Execution.PipelineName' });
    expect(received({ v: text('a ', 1, ' ', execution('id')) })).toEqual(
      joined('a ', 1, ' ', { Get: 'Execution.PipelineExecutionId' }),
    );
  });

  test('to the model of a training or of the best job of a tuning is its archive', () => {
    const train = training('A', fit);
    const tune = tuning('A', search);
    expect(received({ v: train.modelArtifacts }, train)).toEqual({
      Get: 'Steps.A.ModelArtifacts.S3ModelArtifacts',
    });
    expect(received({ v: tune.modelArtifacts }, tune)).toEqual({
      'Std:Join': {
        On: '/',
        Values: ['s3://models/churn', { Get: 'Steps.A.BestTrainingJob.TrainingJobName' }, 'output/model.tar.gz'],
      },
    });
  });

  test('to a step that is not in the pipeline is refused', () => {
    expect(() => received({ v: source.output('report') })).toThrow('unknown step, got A');
  });
});

describe('the parameters', () => {
  test('keep type, default and values', () => {
    const parameters = [
      parameter('Text', 'string', 'a', ['a', 'b']),
      parameter('Count', 'integer', 0),
      parameter('Rate', 'float', 0.5),
      parameter('Yes', 'boolean', false),
      parameter('Required', 'string'),
    ];
    const definition = renderSageMaker(pipeline('test', { steps: [training('A', fit)], parameters, runtime: RUNTIME }));
    expect(definition.Parameters).toEqual([
      { Name: 'Text', Type: 'String', DefaultValue: 'a', EnumValues: ['a', 'b'] },
      { Name: 'Count', Type: 'Integer', DefaultValue: 0 },
      { Name: 'Rate', Type: 'Float', DefaultValue: 0.5 },
      { Name: 'Yes', Type: 'Boolean', DefaultValue: false },
      { Name: 'Required', Type: 'String' },
    ]);
  });
});
