import type { JsonObject } from '../../../../../core/json';
import { IMAGE, type PipelineFixture, ROLE } from '../pipeline/pipeline-fixture';

/** Reads a hyperparameter without a JSON parser: its values here have no quotes in them. */
const READ = `value() { sed "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/" $SAGEMAKER_BASE_DIR/input/config/hyperparameters.json; }\n`;

export interface TuningChanges {
  readonly config?: JsonObject;
  readonly definition?: JsonObject;
  readonly more?: JsonObject;
}

export const LETTERS = { CategoricalParameterRanges: [{ Name: 'letter', Values: ['1', '2', '3'] }] };
const NUMBERS = { ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '1' }] };

/** The smallest tuning job: two random trials whose objective is what the script prints. */
export function tuningRequest(
  local: PipelineFixture,
  script: string,
  { config, definition, more }: TuningChanges = {},
): JsonObject {
  local.program('bin/train', `#!/bin/sh\n${READ}${script}\n`);
  return {
    HyperParameterTuningJobName: 'tune',
    HyperParameterTuningJobConfig: {
      Strategy: 'Random',
      RandomSeed: 7,
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'rmse' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
      ParameterRanges: NUMBERS,
      ...config,
    },
    TrainingJobDefinition: {
      AlgorithmSpecification: {
        TrainingImage: IMAGE,
        TrainingInputMode: 'File',
        MetricDefinitions: [{ Name: 'rmse', Regex: 'rmse=([0-9.]+)' }],
      },
      RoleArn: ROLE,
      OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
      ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      ...definition,
    },
    ...more,
  };
}
