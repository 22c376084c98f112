import { InvalidInputError } from '../../../../core/invalid-input-error';
import { condition } from '../../../../pipelines/sagemaker/condition';
import { defineSageMakerPipeline } from '../../../../pipelines/sagemaker/define';
import { execution } from '../../../../pipelines/sagemaker/execution';
import { fail } from '../../../../pipelines/sagemaker/fail';
import {
  booleanParameter,
  floatParameter,
  integerParameter,
  stringParameter,
} from '../../../../pipelines/sagemaker/parameter';
import { join, jsonGetFromS3 } from '../../../../pipelines/sagemaker/ref';
import { step } from '../../../../pipelines/sagemaker/step';
import { define, prepare, processingJob } from '../smallest';

describe('a definition for SageMaker', () => {
  test('has the documented defaults', () => {
    expect(defineSageMakerPipeline({ name: 'test', steps: [prepare('A')] })).toEqual({
      Version: '2020-12-01',
      Metadata: {},
      Parameters: [],
      PipelineExperimentConfig: null,
      Steps: [{ Name: 'A', Type: 'Processing', Arguments: processingJob() }],
    });
  });

  test('declares parameters with their types, defaults and values', () => {
    const parameters = [
      stringParameter('Text', { defaultValue: 'a', enumValues: ['a', 'b'] }),
      integerParameter('Count', { defaultValue: 0 }),
      floatParameter('Rate', { defaultValue: 0.5 }),
      booleanParameter('Yes', { defaultValue: false }),
      stringParameter('Required'),
    ];
    expect(define([prepare('A')], parameters).Parameters).toEqual([
      { Name: 'Text', Type: 'String', DefaultValue: 'a', EnumValues: ['a', 'b'] },
      { Name: 'Count', Type: 'Integer', DefaultValue: 0 },
      { Name: 'Rate', Type: 'Float', DefaultValue: 0.5 },
      { Name: 'Yes', Type: 'Boolean', DefaultValue: false },
      { Name: 'Required', Type: 'String' },
    ]);
  });

  test('names the experiment', () => {
    const experiment = { ExperimentName: 'churn', TrialName: { Get: 'Execution.PipelineExecutionId' } };
    const definition = defineSageMakerPipeline({ name: 'test', steps: [prepare('A')], experiment });
    expect(definition.PipelineExperimentConfig).toEqual(experiment);
  });

  test('writes the options of a step under the names that SageMaker has for them', () => {
    const first = prepare('First', ['report']);
    const second = prepare('Second', ['report'], {
      displayName: 'second',
      description: 'after the first',
      dependsOn: [first],
      cacheFor: 'P30D',
      retryPolicies: [{ ExceptionType: ['Step.THROTTLING'], MaxAttempts: 3 }],
      propertyFiles: [{ PropertyFileName: 'Metrics', OutputName: 'report', FilePath: 'a.json' }],
    });
    expect(define([first, second]).Steps[1]).toEqual({
      Name: 'Second',
      Type: 'Processing',
      DisplayName: 'second',
      Description: 'after the first',
      DependsOn: ['First'],
      Arguments: processingJob(['report']),
      CacheConfig: { Enabled: true, ExpireAfter: 'P30D' },
      RetryPolicies: [{ ExceptionType: ['Step.THROTTLING'], MaxAttempts: 3 }],
      PropertyFiles: [{ PropertyFileName: 'Metrics', OutputName: 'report', FilePath: 'a.json' }],
    });
  });

  test('writes nothing of what is undefined', () => {
    const bare = step('Processing', 'A', { ...processingJob(), Environment: undefined }, { cacheFor: undefined });
    expect(Object.keys(define([bare]).Steps[0] ?? {})).toEqual(['Name', 'Type', 'Arguments']);
    expect(define([bare]).Steps[0]?.Arguments).not.toHaveProperty('Environment');
  });

  test('puts members beside the arguments where SageMaker has them', () => {
    const ask = step('Lambda', 'Ask', { A: 1 }, { FunctionArn: 'arn', OutputParameters: [] });
    expect(define([ask]).Steps[0]).toEqual({
      Name: 'Ask',
      Type: 'Lambda',
      Arguments: { A: 1 },
      FunctionArn: 'arn',
      OutputParameters: [],
    });
  });

  test('puts expressions where references are, however deep', () => {
    const source = prepare('Source', ['data'], {
      propertyFiles: [{ PropertyFileName: 'Metrics', OutputName: 'data', FilePath: 'a.json' }],
    });
    const { properties } = source;
    const reader = step('Processing', 'Reader', {
      ...processingJob(),
      Environment: {
        OUTPUT: properties.ProcessingOutputConfig.Outputs.named('data').S3Output.S3Uri,
        ARGUMENT: properties.AppSpecification.ContainerArguments.at(0),
        VARIABLE: properties.Environment.key('A.B'),
        TIME: properties.CreationTime,
        JOINED: join('/', 's3://bucket', 1, execution('PipelineName'), source.jsonGet('Metrics', 'a.b')),
        FILE: jsonGetFromS3<string>(join('/', 's3://bucket', 'a.json'), 'a'),
      },
    });
    expect(define([source, reader]).Steps[1]?.Arguments['Environment']).toEqual({
      OUTPUT: { Get: "Steps.Source.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri" },
      ARGUMENT: { Get: 'Steps.Source.AppSpecification.ContainerArguments[0]' },
      VARIABLE: { Get: "Steps.Source.Environment['A.B']" },
      TIME: { Get: 'Steps.Source.CreationTime' },
      JOINED: {
        'Std:Join': {
          On: '/',
          Values: [
            's3://bucket',
            1,
            { Get: 'Execution.PipelineName' },
            { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.Source.PropertyFiles.Metrics' }, Path: 'a.b' } },
          ],
        },
      },
      FILE: { 'Std:JsonGet': { S3Uri: { 'Std:Join': { On: '/', Values: ['s3://bucket', 'a.json'] } }, Path: 'a' } },
    });
  });

  test('puts steps into the branches of their condition; the other branch is empty by default', () => {
    const stop = fail('Stop', 'no');
    const gate = condition('Gate', {
      conditions: [{ Type: 'Equals', LeftValue: 1, RightValue: 1 }],
      ifSteps: [stop],
      displayName: 'gate',
    });
    expect(define([gate]).Steps).toEqual([
      {
        Name: 'Gate',
        Type: 'Condition',
        DisplayName: 'gate',
        Arguments: {
          Conditions: [{ Type: 'Equals', LeftValue: 1, RightValue: 1 }],
          IfSteps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'no' } }],
          ElseSteps: [],
        },
      },
    ]);
  });

  test('with one fault is refused by it alone', () => {
    expect(() => define([prepare('A B')])).toThrow(
      new InvalidInputError('"A B"', 'a name is 1 to 64 letters, digits, hyphens and underscores', 'rename the step'),
    );
  });

  test('with several faults is refused by all of them in one error', () => {
    const wrong = () => define([prepare('A B'), prepare('C', [], { cacheFor: 'ever', dependsOn: [{ name: 'None' }] })]);
    expect(wrong).toThrow(InvalidInputError);
    expect(wrong).toThrow(/^pipeline test: 3 problems\n/);
    for (const where of ['"A B": ', 'C.CacheConfig.ExpireAfter: ', 'C.DependsOn[0]: '])
      expect(wrong).toThrow(`\n  ${where}`);
  });
});

describe('the properties of a step', () => {
  test('are no promise, so that a step can be returned by async code', async () => {
    const { properties } = prepare('A');
    await expect(Promise.resolve(properties)).resolves.toBe(properties);
  });
});
