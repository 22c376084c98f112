import { processingJob } from '../../smallest';
import { conditionStep, faultsOfSteps, get, job, jobWith, training, tuning } from './faults-of';

/** What is found in a step that reads something in its environment, beside a step that leaves `data` and `Metrics`. */
function reading(value: unknown, parameters: readonly object[] = []): string[] {
  return faultsOfSteps([source, jobWith({ Environment: { READ: value } })], parameters);
}

const source = job(
  'Source',
  { PropertyFiles: [{ PropertyFileName: 'Metrics', OutputName: 'data', FilePath: 'metrics.json' }] },
  ['data'],
);

const jsonGet = (PropertyFile: unknown, Path: unknown = 'rmse.value') => ({ 'Std:JsonGet': { PropertyFile, Path } });

describe('a reference', () => {
  test.each([
    ['Steps.Source.ProcessingJobArn'],
    ['Steps.Source.CreationTime'],
    ["Steps.Source.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri"],
    ['Steps.Source.ProcessingOutputConfig.Outputs["data"].S3Output.S3Uri'],
    ['Steps.Source.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri'],
    ["Steps.Source.Environment['A']"],
    ['Execution.PipelineExecutionId'],
    ['PipelineExperimentConfig.TrialName'],
    ['Parameters.Text'],
  ])('may read %s', (path) => {
    expect(reading(get(path), [{ Name: 'Text', Type: 'String' }])).toEqual([]);
  });

  test.each([
    ['Steps.Sourc.ProcessingJobArn', 'unknown step, got Sourc; write Source, or add it to the pipeline'],
    ['Steps.Nowhere.ProcessingJobArn', 'unknown step, got Nowhere; add it to the pipeline'],
    ['Parameters.Txt', 'unknown parameter, got Txt; write Text, or declare it'],
    [
      'Execution.Id',
      'unknown execution variable, got Id; use one of StartDateTime, CurrentDateTime, PipelineName, PipelineArn, PipelineExecutionId, PipelineExecutionArn, TrainingJobName, ProcessingJobName',
    ],
    [
      'PipelineExperimentConfig.TrialNam',
      'unknown member of PipelineExperimentConfig, got TrialNam; write TrialName, or use one of ExperimentName, TrialName',
    ],
    [
      "Steps.Source.ProcessingOutputConfig.Outputs['dta'].S3Output.S3Uri",
      'unknown output of Source, got dta; write data, or declare it',
    ],
    ["Steps.Source.ProcessingInputs['raw'].S3Input.S3Uri", 'unknown input of Source, got raw; declare it'],
    [
      'Steps.Source.ProcessingJobAr',
      'there is no ProcessingJobAr, got Steps.Source.ProcessingJobAr; read ProcessingJobArn',
    ],
    [
      'Steps.Source.ProcessingJobArn.Length',
      'there is no Length in a string, got Steps.Source.ProcessingJobArn.Length; end the path before .Length',
    ],
    [
      'Steps.Source.ProcessingJobArn[0]',
      '[0] is a position in a list, but this is a string, got Steps.Source.ProcessingJobArn[0]; leave it out',
    ],
    [
      "Steps.Source.ProcessingJobArn['a']",
      "['a'] is a key of a map, but this is a string, got Steps.Source.ProcessingJobArn['a']; leave it out",
    ],
    [
      "Steps.Source.AppSpecification.ContainerArguments['a']",
      "['a'] is a key of a map, but this is a list, got Steps.Source.AppSpecification.ContainerArguments['a']; give the position, as [0]",
    ],
    ['Steps.Source', 'names no property of Source, got Steps.Source; go on to a single value'],
    [
      'Steps.Source.AppSpecification',
      'only single values can be read, not a structure, got Steps.Source.AppSpecification; go on to a single value',
    ],
    [
      'Steps.Source.ProcessingOutputConfig.Outputs',
      'only single values can be read, not a list, got Steps.Source.ProcessingOutputConfig.Outputs; go on to a single value',
    ],
    [
      'Steps.Source.Environment',
      'only single values can be read, not a map, got Steps.Source.Environment; go on to a single value',
    ],
    [
      'Steps.Source.PropertyFiles.Metrics',
      'a property file is no value, got Steps.Source.PropertyFiles.Metrics; read it through Std:JsonGet',
    ],
    [
      'Prameters.Text',
      'no Get reads this, got "Prameters.Text"; begin with Parameters., Execution., PipelineExperimentConfig. or Steps.NAME.',
    ],
    [
      'Parameters.Text.Length',
      'no Get reads this, got "Parameters.Text.Length"; begin with Parameters., Execution., PipelineExperimentConfig. or Steps.NAME.',
    ],
    [
      'Steps.Source.Outputs[x]',
      'no Get reads this, got "Steps.Source.Outputs[x]"; begin with Parameters., Execution., PipelineExperimentConfig. or Steps.NAME.',
    ],
  ])("can't read %s", (path, fault) => {
    expect(reading(get(path), [{ Name: 'Text', Type: 'String' }])).toEqual([`Job.Environment.READ: ${fault}`]);
  });

  test('can be no text at all', () => {
    expect(reading({ Get: 7 })).toEqual([
      'Job.Environment.READ: no Get reads this, got 7; begin with Parameters., Execution., PipelineExperimentConfig. or Steps.NAME.',
    ]);
  });

  test('stands for a single value, never for a list or a structure', () => {
    const parameters = [{ Name: 'Args', Type: 'String' }];
    const AppSpecification = { ImageUri: 'image', ContainerArguments: get('Parameters.Args') };
    expect(faultsOfSteps([jobWith({ AppSpecification })], parameters)).toEqual([
      "Job.AppSpecification.ContainerArguments: a reference can't stand for a list, got Parameters.Args; write it out, and put references at its leaves",
    ]);
    expect(faultsOfSteps([jobWith({ AppSpecification: get('Parameters.Args') })], parameters)).toEqual([
      "Job.AppSpecification: a reference can't stand for a structure, got Parameters.Args; write it out, and put references at its leaves",
    ]);
    expect(faultsOfSteps([jobWith({ Environment: get('Parameters.Args') })], parameters)).toEqual([
      "Job.Environment: a reference can't stand for a map, got Parameters.Args; write it out, and put references at its leaves",
    ]);
  });

  test.each([
    ['Integer', 'the integer'],
    ['Float', 'the float'],
    ['Boolean', 'the boolean'],
  ])('to a parameter of type %s is no string', (Type, got) => {
    expect(reading(get('Parameters.P'), [{ Name: 'P', Type }])).toEqual([
      `Job.Environment.READ: must be a string, got ${got} Parameters.P; put it into a Std:Join, which makes a string`,
    ]);
  });

  test('becomes a string in a join', () => {
    const join = { 'Std:Join': { On: '', Values: [get('Parameters.P')] } };
    expect(reading(join, [{ Name: 'P', Type: 'Float' }])).toEqual([]);
  });

  test('gives a number where a number is wanted', () => {
    const resources = (count: unknown) => ({
      ProcessingResources: {
        ClusterConfig: { InstanceCount: count, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 },
      },
    });
    const where = 'Job.ProcessingResources.ClusterConfig.InstanceCount';
    const of = (Type: string) => faultsOfSteps([jobWith(resources(get('Parameters.P')))], [{ Name: 'P', Type }]);
    expect(of('Integer')).toEqual([]);
    expect(of('Float')).toEqual([
      `${where}: must be a whole number, got the Float parameter P; make it an Integer parameter`,
    ]);
    expect(of('String')).toEqual([`${where}: must be a number, got the string Parameters.P; read a number`]);
  });
});

describe('a name that only a deployment or the run knows', () => {
  test.each([['${Token[TOKEN.1]}'], [get('Parameters.Name')]])('as %j keeps nobody from reading it', (OutputName) => {
    const Outputs = [
      {
        OutputName,
        S3Output: { S3Uri: 's3://b/a', LocalPath: '/opt/ml/processing/a', S3UploadMode: 'EndOfJob' },
      },
    ];
    const unsure = jobWith({ ProcessingOutputConfig: { Outputs } });
    const reader = job('Reader', { Arguments: processingJob([], { Environment: { READ: get(PATH) } }) });
    expect(faultsOfSteps([unsure, reader], [{ Name: 'Name', Type: 'String' }])).toEqual([]);
  });
  const PATH = "Steps.Job.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri";
});

describe('a boolean of a job', () => {
  test('is no string', () => {
    expect(reading(get('Steps.Source.NetworkConfig.EnableNetworkIsolation'))).toEqual([
      'Job.Environment.READ: must be a string, got the boolean Steps.Source.NetworkConfig.EnableNetworkIsolation; put it into a Std:Join, which makes a string',
    ]);
  });
});

describe('a join', () => {
  test.each([
    [{ Values: ['a'] }, 'READ.On: must be a string, got nothing; write a string'],
    [{ On: 1, Values: ['a'] }, 'READ.On: must be a string, got 1; write a string'],
    [{ On: '/' }, 'READ.Values: must be a list of at least one value, got nothing; add what is joined'],
    [{ On: '/', Values: [] }, 'READ.Values: must be a list of at least one value, got []; add what is joined'],
    [
      { On: '/', Values: ['a', ['b']] },
      'READ.Values[1]: must be a string, a number, a boolean or a reference, got ["b"]; write one of them',
    ],
    [{ On: '/', Values: [get('Parameters.None')] }, 'READ.Values[0]: unknown parameter, got None; declare it'],
  ])('of %j is refused', (join, fault) => {
    expect(reading({ 'Std:Join': join })).toEqual([`Job.Environment.${fault}`]);
  });

  test('holds joins and values of files', () => {
    const inner = { 'Std:Join': { On: '-', Values: ['a', 1, true] } };
    expect(
      reading({ 'Std:Join': { On: '/', Values: [inner, jsonGet(get('Steps.Source.PropertyFiles.Metrics'))] } }),
    ).toEqual([]);
  });
});

describe('a value of a file', () => {
  test('is read from a property file or from a place in S3', () => {
    expect(reading(jsonGet(get('Steps.Source.PropertyFiles.Metrics')))).toEqual([]);
    const S3Uri = { 'Std:Join': { On: '/', Values: ['s3://bucket', 'metrics.json'] } };
    expect(reading({ 'Std:JsonGet': { S3Uri, Path: 'rmse' } })).toEqual([]);
  });

  test.each([
    [
      jsonGet(get('Steps.Source.PropertyFiles.Metric')),
      ': unknown property file of Source, got Metric; write Metrics, or declare it in its PropertyFiles',
    ],
    [
      jsonGet(get('Steps.Job.PropertyFiles.Metrics')),
      ': unknown property file of Job, got Metrics; declare it in its PropertyFiles',
    ],
    [jsonGet(get('Steps.Other.PropertyFiles.Metrics')), ': unknown step, got Other; add it to the pipeline'],
    [
      jsonGet(get('Steps.Source.Outputs.Metrics')),
      '.PropertyFile: leads to no property file, got {"Get":"Steps.Source.Outputs.Metrics"}; write {"Get": "Steps.NAME.PropertyFiles.FILE"}',
    ],
    [
      jsonGet('Metrics'),
      '.PropertyFile: leads to no property file, got "Metrics"; write {"Get": "Steps.NAME.PropertyFiles.FILE"}',
    ],
    [
      jsonGet(get('Steps.Source.PropertyFiles.Metrics'), get('Parameters.P')),
      '.Path: must be a literal path, got {"Get":"Parameters.P"}; write one such as metrics.rmse.value',
    ],
    [
      jsonGet(get('Steps.Source.PropertyFiles.Metrics'), ''),
      '.Path: must be a literal path, got ""; write one such as metrics.rmse.value',
    ],
    [
      { 'Std:JsonGet': { Path: 'rmse' } },
      ': Std:JsonGet reads either a PropertyFile or an S3Uri, got neither; give one of the two',
    ],
    [
      { 'Std:JsonGet': { PropertyFile: get('Steps.Source.PropertyFiles.Metrics'), S3Uri: 's3://b/f', Path: 'rmse' } },
      ': Std:JsonGet reads either a PropertyFile or an S3Uri, got both; give one of the two',
    ],
  ])('is refused in %j', (value, fault) => {
    expect(reading(value)[0]).toBe(`Job.Environment.READ${fault}`);
  });
});

describe('what the kinds of step give', () => {
  const lambda = {
    Name: 'Ask',
    Type: 'Lambda',
    FunctionArn: 'arn',
    Arguments: {},
    OutputParameters: [
      { OutputName: 'answer', OutputType: 'String' },
      { OutputName: 'count', OutputType: 'Integer' },
    ],
  };
  const of = (path: string) =>
    faultsOfSteps([lambda, conditionStep('Gate'), jobWith({ Environment: { A: get(path) } })]);

  test('a Lambda gives its output parameters, with their types', () => {
    expect(of("Steps.Ask.OutputParameters['answer']")).toEqual([]);
    expect(of("Steps.Ask.OutputParameters['count']")).toEqual([
      "Job.Environment.A: must be a string, got the integer Steps.Ask.OutputParameters['count']; put it into a Std:Join, which makes a string",
    ]);
    expect(of("Steps.Ask.OutputParameters['answr']")).toEqual([
      'Job.Environment.A: unknown output parameter of Ask, got answr; write answer, or declare it',
    ]);
    expect(of('Steps.Ask.FunctionArn')).toEqual([
      "Job.Environment.A: a Lambda step gives its OutputParameters and nothing else, got Steps.Ask.FunctionArn; read Steps.Ask.OutputParameters['NAME']",
    ]);
  });

  test('a condition gives its outcome', () => {
    expect(of('Steps.Gate.Outcome')).toEqual([
      'Job.Environment.A: must be a string, got the boolean Steps.Gate.Outcome; put it into a Std:Join, which makes a string',
    ]);
    expect(of('Steps.Gate.Result')).toEqual([
      'Job.Environment.A: a condition has an Outcome and nothing else, got Steps.Gate.Result; read Outcome',
    ]);
  });

  test('a tuning gives its own description and that of its training jobs', () => {
    const reading = (path: string) => faultsOfSteps([tuning(), jobWith({ Environment: { A: get(path) } })]);
    for (const path of ['BestTrainingJob.TrainingJobName', 'TrainingJobSummaries[0].TrainingJobName'])
      expect(reading(`Steps.Tune.${path}`)).toEqual([]);
    expect(reading('Steps.Tune.BestTrainingJob.TunedHyperParameters')).toHaveLength(1);
  });

  test('a check gives its baselines', () => {
    const check = job('Check', { Type: 'QualityCheck', CheckType: 'DATA_QUALITY' });
    const reading = (path: string) => faultsOfSteps([check, jobWith({ Environment: { A: get(path) } })]);
    for (const path of ['CalculatedBaselineStatistics', 'BaselineUsedForDriftCheckConstraints'])
      expect(reading(`Steps.Check.${path}`)).toEqual([]);
    expect(reading('Steps.Check.ProcessingJobArn')).toHaveLength(1);
  });

  test('a training job gives the metrics that it declares; of a built-in algorithm nobody knows them', () => {
    const reading = (metrics: readonly object[]) =>
      faultsOfSteps([
        training(metrics),
        jobWith({ Environment: { A: joined(get("Steps.Train.FinalMetricDataList['acu'].Value")) } }),
      ]);
    expect(reading([])).toEqual([]);
    expect(reading([{ Name: 'auc', Regex: 'auc=(.*)' }])).toEqual([
      'Job.Environment.A.Values[0]: unknown metric of Train, got acu; declare it',
    ]);
  });
});

const joined = (value: unknown) => ({ 'Std:Join': { On: '', Values: [value] } });
