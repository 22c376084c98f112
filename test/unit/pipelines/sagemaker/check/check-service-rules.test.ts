import { RawFloat } from '../../../../../pipelines/sagemaker/raw-float';
import { faultsOfSteps, get, job, jobWith, training, tuning } from './faults-of';

const s3 = (LocalPath: string) => ({ S3Uri: 's3://bucket/a', LocalPath, S3DataType: 'S3Prefix' });
const channel = {
  ChannelName: 'train',
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/a' } },
};

describe('a processing job', () => {
  test('has its folders below /opt/ml/processing/', () => {
    const of = (path: string) =>
      faultsOfSteps([jobWith({ ProcessingInputs: [{ InputName: 'a', S3Input: s3(path) }] })]);
    expect(of('/opt/ml/processing/a')).toEqual([]);
    expect(of('/opt/ml/processing')).toEqual([
      'Job.ProcessingInputs[0].S3Input.LocalPath: must begin with /opt/ml/processing/, got "/opt/ml/processing"; move it there',
    ]);
    const Outputs = [{ OutputName: 'a', S3Output: { S3Uri: 's3://b/a', LocalPath: '/tmp', S3UploadMode: 'EndOfJob' } }];
    expect(faultsOfSteps([jobWith({ ProcessingOutputConfig: { Outputs } })])).toEqual([
      'Job.ProcessingOutputConfig.Outputs[0].S3Output.LocalPath: must begin with /opt/ml/processing/, got "/tmp"; move it there',
    ]);
  });

  test('has inputs and outputs of different names', () => {
    const same = { InputName: 'a', S3Input: s3('/opt/ml/processing/a') };
    expect(faultsOfSteps([jobWith({ ProcessingInputs: [same, same, same] })])).toEqual([
      'Job.ProcessingInputs: each InputName is unique, got a again; rename one',
    ]);
    expect(faultsOfSteps([job('Job', {}, ['a', 'b', 'a'])])).toEqual([
      'Job.ProcessingOutputConfig.Outputs: each OutputName is unique, got a again; rename one',
    ]);
  });

  test.each(['Processing', 'QualityCheck', 'ClarifyCheck'])('of a %s step keeps no experiment of its own', (Type) => {
    const { Arguments } = jobWith({
      ExperimentConfig: { ExperimentName: 'a', TrialName: 'b', RunName: 'c', TrialComponentDisplayName: 'd' },
    }) as { Arguments: object };
    const beside = Type === 'Processing' ? {} : { CheckType: Type === 'QualityCheck' ? 'DATA_QUALITY' : 'DATA_BIAS' };
    expect(faultsOfSteps([job('Job', { Type, Arguments, ...beside })])).toEqual(
      ['ExperimentName', 'TrialName', 'RunName'].map(
        (member) =>
          `Job.ExperimentConfig.${member}: can't be given: the pipeline's own experiment counts; leave it out; only TrialComponentDisplayName is kept`,
      ),
    );
  });
});

describe('training', () => {
  test('has channels of different names', () => {
    const InputDataConfig = [channel, channel];
    expect(faultsOfSteps([training([], { InputDataConfig })])).toEqual([
      'Train.InputDataConfig: each ChannelName is unique, got train again; rename one',
    ]);
    expect(faultsOfSteps([tuning({}, { InputDataConfig })])).toEqual([
      'Tune.TrainingJobDefinition.InputDataConfig: each ChannelName is unique, got train again; rename one',
    ]);
  });
});

describe('a tuning', () => {
  const where = 'Tune.HyperParameterTuningJobConfig';

  test('by Hyperband stops no job early by other means', () => {
    for (const TrainingJobEarlyStoppingType of [undefined, 'Off'])
      expect(faultsOfSteps([tuning({ Strategy: 'Hyperband', TrainingJobEarlyStoppingType })])).toEqual([]);
    expect(faultsOfSteps([tuning({ Strategy: 'Hyperband', TrainingJobEarlyStoppingType: 'Auto' })])).toEqual([
      `${where}.TrainingJobEarlyStoppingType: Hyperband stops jobs by itself, got "Auto"; write Off`,
    ]);
    expect(faultsOfSteps([tuning({ Strategy: 'Bayesian', TrainingJobEarlyStoppingType: 'Auto' })])).toEqual([]);
  });

  test('over a grid takes lists of values only', () => {
    const range = { Name: 'depth', MinValue: '1', MaxValue: '3' };
    for (const kind of ['ContinuousParameterRanges', 'IntegerParameterRanges']) {
      expect(faultsOfSteps([tuning({ Strategy: 'Grid', ParameterRanges: { [kind]: [range] } })])).toEqual([
        `${where}.ParameterRanges.${kind}: a grid search takes only categorical ranges, got 1; list the values as a categorical range, or use Random`,
      ]);
      expect(faultsOfSteps([tuning({ Strategy: 'Random', ParameterRanges: { [kind]: [range] } })])).toEqual([]);
    }
  });

  test('over a grid runs each combination', () => {
    const grid = (MaxNumberOfTrainingJobs: unknown) =>
      faultsOfSteps(
        [
          tuning({
            Strategy: 'Grid',
            ResourceLimits: { MaxNumberOfTrainingJobs, MaxParallelTrainingJobs: 1 },
            ParameterRanges: {
              CategoricalParameterRanges: [
                { Name: 'a', Values: ['1', '2'] },
                { Name: 'b', Values: ['1', '2', '3'] },
              ],
            },
          }),
        ],
        [{ Name: 'Jobs', Type: 'Integer' }],
      );
    for (const jobs of [6, undefined, get('Parameters.Jobs')]) expect(grid(jobs)).toEqual([]);
    for (const jobs of [5, 7])
      expect(grid(jobs)).toEqual([
        `${where}.ResourceLimits.MaxNumberOfTrainingJobs: a grid search runs each of the 6 combinations, got ${jobs}; write 6, or use Random`,
      ]);
  });

  test('aims at a metric that is defined; a built-in algorithm defines its own', () => {
    const HyperParameterTuningJobObjective = { Type: 'Maximize', MetricName: 'acc' };
    expect(faultsOfSteps([tuning({ HyperParameterTuningJobObjective })])).toEqual([
      `${where}.HyperParameterTuningJobObjective.MetricName: must be one of the MetricDefinitions auc, got acc; choose one of them, or define it`,
    ]);
    const AlgorithmSpecification = { TrainingImage: 'built-in', TrainingInputMode: 'File' };
    expect(faultsOfSteps([tuning({ HyperParameterTuningJobObjective }, { AlgorithmSpecification })])).toEqual([]);
  });
});

describe('a check', () => {
  test.each([
    ['QualityCheck', 'DATA_BIAS', 'DATA_QUALITY, MODEL_QUALITY'],
    ['ClarifyCheck', 'DATA_QUALITY', 'DATA_BIAS, MODEL_BIAS, MODEL_EXPLAINABILITY'],
  ])('of type %s is no %s', (Type, CheckType, choices) => {
    expect(faultsOfSteps([job('Check', { Type, CheckType })])).toEqual([
      `Check.CheckType: must be one of ${choices}, got ${CheckType}; choose one of them`,
    ]);
  });
});

describe('AutoML', () => {
  const automl = (AutoMLJobConfig?: object) =>
    faultsOfSteps([
      {
        Name: 'A',
        Type: 'AutoML',
        Arguments: {
          InputDataConfig: [{ TargetAttributeName: 'y' }],
          OutputDataConfig: { S3OutputPath: 's3://bucket/a' },
          RoleArn: 'arn:aws:iam::123456789012:role/job',
          AutoMLJobConfig,
        },
      },
    ]);

  test('ensembles', () => {
    expect(automl({ Mode: 'ENSEMBLING' })).toEqual([]);
    expect(automl({ Mode: 'AUTO' })).toEqual([
      'A.AutoMLJobConfig.Mode: a pipeline runs ENSEMBLING only, got "AUTO"; write ENSEMBLING',
    ]);
    for (const config of [undefined, {}])
      expect(automl(config)).toEqual([
        'A.AutoMLJobConfig.Mode: a pipeline runs ENSEMBLING only, got nothing; write ENSEMBLING',
      ]);
  });
});

describe('a package', () => {
  test('belongs to a group', () => {
    expect(
      faultsOfSteps([{ Name: 'A', Type: 'RegisterModel', Arguments: { ModelPackageGroupName: 'churn' } }]),
    ).toEqual([]);
    expect(faultsOfSteps([{ Name: 'A', Type: 'RegisterModel', Arguments: {} }])).toEqual([
      'A.ModelPackageGroupName: a package of a pipeline belongs to a group, got nothing; add it',
    ]);
  });
});

describe('a step of EMR', () => {
  test('runs on a cluster that is there or on one that is made for it', () => {
    const emr = (change: object) =>
      faultsOfSteps([
        { Name: 'A', Type: 'EMR', Arguments: { StepConfig: { HadoopJarStep: { Jar: 'a.jar' } }, ...change } },
      ]);
    expect(emr({ ClusterId: 'j-1' })).toEqual([]);
    expect(emr({ ClusterConfig: {} })).toEqual([]);
    expect(emr({})).toEqual(['A: runs on ClusterId or on ClusterConfig, got neither; give one of the two']);
    expect(emr({ ClusterId: 'j-1', ClusterConfig: {} })).toEqual([
      'A: runs on ClusterId or on ClusterConfig, got both; give one of the two',
    ]);
  });
});

describe('the output parameters of a Lambda or a Callback', () => {
  const of = (...OutputParameters: readonly object[]) =>
    faultsOfSteps([{ Name: 'A', Type: 'Lambda', FunctionArn: 'arn', Arguments: {}, OutputParameters }]);

  test('have types and names of their own', () => {
    const text = { OutputName: 'a', OutputType: 'String' };
    expect(of(text, { OutputName: 'b', OutputType: 'Float' })).toEqual([]);
    expect(of(text, text)).toEqual(['A.OutputParameters[1].OutputName: is unique, got "a" again; rename one']);
    expect(of({ OutputName: 'a', OutputType: 'Text' })).toEqual([
      'A.OutputParameters[0].OutputType: must be one of String, Integer, Float, Boolean, got Text; choose one of them',
    ]);
  });
});

describe('the message of a Fail step', () => {
  test('has at most 3072 characters', () => {
    const stop = (ErrorMessage: unknown) => faultsOfSteps([{ Name: 'A', Type: 'Fail', Arguments: { ErrorMessage } }]);
    expect(stop('x'.repeat(3072))).toEqual([]);
    expect(stop('x'.repeat(3073))).toEqual(['A.ErrorMessage: must have at most 3072 characters, got 3073; shorten it']);
    expect(stop(undefined)).toEqual(['A: missing required member ErrorMessage, got nothing; add ErrorMessage']);
  });
});

describe('an inference component', () => {
  test('has its cores written with a point', () => {
    const component = (NumberOfCpuCoresRequired: unknown) =>
      faultsOfSteps([
        {
          Name: 'A',
          Type: 'InferenceComponent',
          Arguments: {
            InferenceComponentName: 'a',
            EndpointName: 'a',
            Specification: {
              ModelName: 'a',
              ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfCpuCoresRequired },
            },
          },
        },
      ]);
    for (const cores of [undefined, 0.5, new RawFloat(2)]) expect(component(cores)).toEqual([]);
    expect(component(2)).toEqual([
      'A.Specification.ComputeResourceRequirements.NumberOfCpuCoresRequired: must be written with its point, got 2; write new RawFloat(2)',
    ]);
  });
});
