import type { JsonObject } from '../../core/json';
import { ServiceError } from '../sagemaker/service-error';
import type { Dimension } from './records';

/** By dimension, the metrics that the service knows by name. */
const PREDEFINED: Readonly<Record<string, readonly string[]>> = {
  'sagemaker:variant:DesiredInstanceCount': [
    'SageMakerVariantInvocationsPerInstance',
    'SageMakerVariantConcurrentRequestsPerModelHighResolution',
  ],
  'sagemaker:variant:DesiredProvisionedConcurrency': ['SageMakerVariantProvisionedConcurrencyUtilization'],
  'sagemaker:inference-component:DesiredCopyCount': [
    'SageMakerInferenceComponentInvocationsPerCopy',
    'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
  ],
};
const METRICS = ['PredefinedMetricSpecification', 'CustomizedMetricSpecification'] as const;

/** @throws ServiceError ValidationException */
export function checkTargetTracking(settings: JsonObject, { ScalableDimension }: Dimension): void {
  const given = METRICS.filter((name) => settings[name] !== undefined);
  if (given.length !== 1)
    throw invalid(`Target tracking takes exactly one of ${METRICS.join(' and ')}, got ${given.length}`);
  const predefined = settings.PredefinedMetricSpecification as JsonObject | undefined;
  const known = PREDEFINED[ScalableDimension] ?? [];
  if (predefined && !known.includes(predefined.PredefinedMetricType as string))
    throw invalid(
      `PredefinedMetricType ${predefined.PredefinedMetricType as string} doesn't go with ${ScalableDimension}, which takes ${known.join(' or ')}`,
    );
}

interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html
 */
export function checkStepScaling(settings: JsonObject): void {
  const steps = (settings.StepAdjustments ?? []) as readonly JsonObject[];
  if (steps.length === 0) throw invalid('At least one StepAdjustment must be specified');
  if (settings.AdjustmentType === undefined) throw invalid('AdjustmentType must be specified');
  const intervals = steps
    .map(({ MetricIntervalLowerBound = null, MetricIntervalUpperBound = null }): Interval => {
      if (MetricIntervalLowerBound === null && MetricIntervalUpperBound === null)
        throw invalid('Lower and upper bound of a step adjustment can not both be absent');
      return {
        lower: (MetricIntervalLowerBound ?? -Infinity) as number,
        upper: (MetricIntervalUpperBound ?? Infinity) as number,
      };
    })
    .sort((a, b) => a.lower - b.lower);
  for (const [index, { lower, upper }] of intervals.entries()) {
    if (!(lower < upper)) throw invalid(`The upper bound of a step must be above its lower bound, got ${upper}`);
    const next = intervals[index + 1];
    if (next && next.lower !== upper)
      throw invalid(
        `Step adjustments can not have ${next.lower > upper ? 'a gap' : 'an overlap'} between ${upper} and ${next.lower}`,
      );
  }
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first && first.lower < 0 && first.lower !== -Infinity)
    throw invalid('There must be a step without a lower bound when one has a negative lower bound');
  if (last && last.upper > 0 && last.upper !== Infinity)
    throw invalid('There must be a step without an upper bound when one has a positive upper bound');
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
