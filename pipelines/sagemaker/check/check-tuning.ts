import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import type { StepDefinition } from '../definition';
import { isToken } from '../token';
import { namesOf } from './declared-names';

interface TuningConfig {
  readonly Strategy?: unknown;
  readonly TrainingJobEarlyStoppingType?: unknown;
  readonly ParameterRanges?: Readonly<Record<string, unknown>>;
  readonly ResourceLimits?: { readonly MaxNumberOfTrainingJobs?: unknown };
  readonly HyperParameterTuningJobObjective?: { readonly MetricName?: unknown };
}

/**
 * What the strategies ask for, and that the objective is a metric.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html
 */
export function checkTuning(step: StepDefinition, faults: Faults): void {
  const where = `${step.Name}.HyperParameterTuningJobConfig`;
  const config = (step.Arguments.HyperParameterTuningJobConfig ?? {}) as TuningConfig;
  const { Strategy, TrainingJobEarlyStoppingType = 'Off' } = config;
  if (Strategy === 'Hyperband' && TrainingJobEarlyStoppingType !== 'Off')
    faults.add(
      `${where}.TrainingJobEarlyStoppingType`,
      `Hyperband stops jobs by itself, got ${show(TrainingJobEarlyStoppingType)}`,
      'write Off',
    );
  if (Strategy === 'Grid') checkGrid(config, where, faults);
  checkObjective(step, config, where, faults);
}

function checkGrid({ ParameterRanges = {}, ResourceLimits }: TuningConfig, where: string, faults: Faults): void {
  for (const kind of ['ContinuousParameterRanges', 'IntegerParameterRanges']) {
    const ranges = ParameterRanges[kind];
    if (Array.isArray(ranges) && ranges.length > 0)
      faults.add(
        `${where}.ParameterRanges.${kind}`,
        `a grid search takes only categorical ranges, got ${ranges.length}`,
        'list the values as a categorical range, or use Random',
      );
  }
  const jobs = ResourceLimits?.MaxNumberOfTrainingJobs;
  const combinations = combinationsOf(ParameterRanges.CategoricalParameterRanges);
  if (typeof jobs === 'number' && !isToken(jobs) && combinations !== undefined && jobs !== combinations)
    faults.add(
      `${where}.ResourceLimits.MaxNumberOfTrainingJobs`,
      `a grid search runs each of the ${combinations} combinations, got ${jobs}`,
      `write ${combinations}, or use Random`,
    );
}

/** @returns undefined if there is no list of them, or if only a deployment knows it */
function combinationsOf(ranges: unknown): number | undefined {
  if (!Array.isArray(ranges)) return undefined;
  const sizes = ranges.map(({ Values }: { Values?: unknown }) =>
    Array.isArray(Values) && !isToken(Values) ? Values.length : Number.NaN,
  );
  const product = sizes.reduce((all, size) => all * size, 1);
  return Number.isNaN(product) ? undefined : product;
}

/** A built-in algorithm has metrics that nobody declares; an image of one's own has those alone that are declared. */
function checkObjective(step: StepDefinition, config: TuningConfig, where: string, faults: Faults): void {
  const metric = config.HyperParameterTuningJobObjective?.MetricName;
  const path = ['TrainingJobDefinition', 'AlgorithmSpecification', 'MetricDefinitions'];
  const declared = namesOf(step, path, 'Name') ?? [];
  if (declared.length === 0 || typeof metric !== 'string' || isToken(metric)) return;
  if (!declared.includes(metric))
    faults.add(
      `${where}.HyperParameterTuningJobObjective.MetricName`,
      `must be one of the MetricDefinitions ${declared.join(', ')}, got ${metric}`,
      'choose one of them, or define it',
    );
}
