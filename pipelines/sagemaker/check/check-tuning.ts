import type { Faults } from '../../../core/faults';
import type { StepDefinition } from '../definition';

interface TuningConfig {
  readonly Strategy?: unknown;
  readonly TrainingJobEarlyStoppingType?: unknown;
  readonly ParameterRanges?: Readonly<Record<string, unknown>>;
}

/**
 * What the strategies ask for.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html
 */
export function checkTuning({ Name, Arguments }: StepDefinition, faults: Faults): void {
  const where = `${Name}.HyperParameterTuningJobConfig`;
  const config = Arguments.HyperParameterTuningJobConfig as TuningConfig | undefined;
  const { Strategy, TrainingJobEarlyStoppingType = 'Off', ParameterRanges } = config ?? {};
  if (Strategy === 'Hyperband' && TrainingJobEarlyStoppingType !== 'Off')
    faults.add(
      `${where}.TrainingJobEarlyStoppingType`,
      `Hyperband stops jobs by itself, got ${String(TrainingJobEarlyStoppingType)}`,
      'write Off',
    );
  if (Strategy !== 'Grid') return;
  for (const kind of ['ContinuousParameterRanges', 'IntegerParameterRanges']) {
    const ranges = ParameterRanges?.[kind];
    if (Array.isArray(ranges) && ranges.length > 0)
      faults.add(
        `${where}.ParameterRanges.${kind}`,
        `a grid search takes only categorical ranges, got ${ranges.length}`,
        'list the values as a categorical range, or use Random',
      );
  }
}
