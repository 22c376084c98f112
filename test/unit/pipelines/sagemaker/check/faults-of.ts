import { Faults } from '../../../../../core/faults';
import { checkDefinition } from '../../../../../pipelines/sagemaker/check/check-definition';
import { processingJob, ROLE } from '../../smallest';

/** The smallest step of the definition's JSON. */
export function job(Name: string, change: object = {}, outputs: readonly string[] = []): object {
  return { Name, Type: 'Processing', Arguments: processingJob(outputs), ...change };
}

/** A processing step whose arguments differ. */
export function jobWith(args: object, outputs: readonly string[] = []): object {
  return job('Job', { Arguments: processingJob(outputs, args) });
}

export function conditionStep(Name: string, change: object = {}): object {
  const Conditions = [{ Type: 'Equals', LeftValue: 1, RightValue: 1 }];
  return { Name, Type: 'Condition', Arguments: { Conditions, IfSteps: [], ElseSteps: [], ...change } };
}

const trainingJob = {
  RoleArn: ROLE,
  OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
  ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};

export function training(MetricDefinitions: readonly object[] = [], change: object = {}): object {
  const AlgorithmSpecification = { TrainingImage: 'image', TrainingInputMode: 'File', MetricDefinitions };
  return { Name: 'Train', Type: 'Training', Arguments: { ...trainingJob, AlgorithmSpecification, ...change } };
}

/** @param config changes HyperParameterTuningJobConfig; @param change changes TrainingJobDefinition */
export function tuning(config: object = {}, change: object = {}): object {
  return {
    Name: 'Tune',
    Type: 'Tuning',
    Arguments: {
      HyperParameterTuningJobConfig: {
        Strategy: 'Random',
        HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'auc' },
        ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
        ParameterRanges: { CategoricalParameterRanges: [{ Name: 'kind', Values: ['a', 'b'] }] },
        ...config,
      },
      TrainingJobDefinition: {
        ...trainingJob,
        AlgorithmSpecification: {
          TrainingImage: 'image',
          TrainingInputMode: 'File',
          MetricDefinitions: [{ Name: 'auc', Regex: 'auc=(.*)' }],
        },
        ...change,
      },
    },
  };
}

export function get(path: string): { readonly Get: string } {
  return { Get: path };
}

/** What the checks find in a definition, however it is wrong. */
export function faultsOf(definition: object): string[] {
  const faults = new Faults();
  checkDefinition(definition, faults);
  return faults.messages;
}

/** What the checks find in a pipeline of these steps. */
export function faultsOfSteps(Steps: readonly object[], Parameters: readonly object[] = []): string[] {
  return faultsOf({ Version: '2020-12-01', Parameters, Steps });
}
