import type { Runtime, TuningRange, TuningStep } from '../../definition';
import { type Step, step } from '../../sagemaker/step';
import { jobOptions } from './common';
import { hyperparameters, trainingJob } from './training-job';
import type { Values } from './values';

export function tuning(definition: TuningStep, runtime: Runtime, values: Values): Step {
  const { name, strategy, objective, maxJobs, maxParallelJobs, seed } = definition;
  return step(
    'Tuning',
    name,
    {
      HyperParameterTuningJobConfig: {
        Strategy: strategy,
        RandomSeed: seed,
        HyperParameterTuningJobObjective: {
          Type: objective.direction === 'maximize' ? 'Maximize' : 'Minimize',
          MetricName: objective.metric,
        },
        ResourceLimits: {
          MaxNumberOfTrainingJobs: values.number(maxJobs),
          MaxParallelTrainingJobs: values.number(maxParallelJobs),
        },
        ParameterRanges: parameterRanges(definition.ranges),
      },
      TrainingJobDefinition: {
        ...trainingJob(definition, runtime, values),
        StaticHyperParameters: hyperparameters(definition, values),
      },
    },
    jobOptions(definition),
  );
}

function parameterRanges(ranges: Readonly<Record<string, TuningRange>>) {
  const entries = Object.entries(ranges);
  const numeric = (kind: 'continuous' | 'integer') => {
    const found = entries.flatMap(([Name, range]) =>
      range.kind === kind
        ? [{ Name, MinValue: String(range.min), MaxValue: String(range.max), ScalingType: range.scaling }]
        : [],
    );
    return found.length > 0 ? found : undefined;
  };
  const categorical = entries.flatMap(([Name, range]) =>
    range.kind === 'categorical' ? [{ Name, Values: range.values }] : [],
  );
  return {
    ContinuousParameterRanges: numeric('continuous'),
    IntegerParameterRanges: numeric('integer'),
    CategoricalParameterRanges: categorical.length > 0 ? categorical : undefined,
  };
}
