import { createHash } from 'node:crypto';
import type { CreateHyperParameterTuningJobRequest } from '@aws-sdk/client-sagemaker';
import type { Wire } from '../wire';
import { bayesianSearch } from './bayesian-search';
import { grid } from './grid';
import { randomSearch } from './random-search';
import { type Range, readRanges } from './range';
import type { Strategy } from './strategy';

export type TuningRequest = Wire<CreateHyperParameterTuningJobRequest>;

/** What a tuning job is going to do. */
export interface TuningPlan {
  readonly ranges: readonly Range[];
  readonly strategy: Strategy;
  readonly jobs: number;
  readonly parallel: number;
  /** @default - as long as it takes */
  readonly maxRuntimeSeconds?: number;
  readonly objective: { readonly name: string; readonly type: 'Minimize' | 'Maximize' };
}

/**
 * Service defaults.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-limits.html
 */
const DEFAULT_JOBS = 750;
const DEFAULT_PARALLEL = 1;
const MOST_PARALLEL = 100;

/** @param fault hears of everything that is wrong */
export function planTuning(request: TuningRequest, fault: (message: string) => void): TuningPlan {
  const config = request.HyperParameterTuningJobConfig;
  const strategyName = config?.Strategy ?? '';
  const limits = config?.ResourceLimits;
  const goal = config?.HyperParameterTuningJobObjective;
  const ranges = readRanges(config?.ParameterRanges ?? {}, fault);
  if (ranges.length === 0) fault('ParameterRanges must name a hyperparameter, got none; add a range');
  const name = goal?.MetricName ?? '';
  const metrics = request.TrainingJobDefinition?.AlgorithmSpecification?.MetricDefinitions ?? [];
  if (!metrics.some(({ Name }) => Name === name))
    fault(`HyperParameterTuningJobObjective.MetricName must be one of MetricDefinitions, got ${name}; define it`);
  const parallel = limits?.MaxParallelTrainingJobs ?? DEFAULT_PARALLEL;
  if (!(Number.isInteger(parallel) && parallel >= 1 && parallel <= MOST_PARALLEL))
    fault(`ResourceLimits.MaxParallelTrainingJobs must be 1 to ${MOST_PARALLEL}, got ${parallel}; correct it`);
  const asked = limits?.MaxNumberOfTrainingJobs;
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1))
    fault(`ResourceLimits.MaxNumberOfTrainingJobs must be 1 or more, got ${asked}; correct it`);
  const strategy = strategyOf(strategyName, ranges, config?.RandomSeed ?? seedOf(request));
  if (strategyName === 'Grid') {
    const numeric = ranges.filter(({ kind }) => kind === 'numeric').map((range) => range.name);
    if (numeric.length > 0) fault(`Grid tries categorical ranges only, got ${numeric.join(', ')}; use Random`);
    if (asked !== undefined && asked !== strategy.size)
      fault(`Grid runs each of the ${strategy.size} combinations, got MaxNumberOfTrainingJobs ${asked}; leave it out`);
  }
  return {
    ranges,
    strategy,
    jobs: Math.min(asked ?? DEFAULT_JOBS, strategy.size),
    parallel,
    maxRuntimeSeconds: limits?.MaxRuntimeInSeconds,
    objective: { name, type: goal?.Type === 'Maximize' ? 'Maximize' : 'Minimize' },
  };
}

function strategyOf(name: string, ranges: readonly Range[], seed: number): Strategy {
  if (name === 'Grid') return grid(ranges);
  return name === 'Bayesian' ? bayesianSearch(ranges, seed) : randomSearch(ranges, seed);
}

/** Without a RandomSeed, the same search gives the same proposals: SageMaker draws a new seed each time. */
function seedOf({ HyperParameterTuningJobConfig, TrainingJobDefinition }: TuningRequest): number {
  const { StaticHyperParameters } = TrainingJobDefinition ?? {};
  const text = JSON.stringify([HyperParameterTuningJobConfig, StaticHyperParameters]);
  return createHash('sha256').update(text).digest().readUInt32LE();
}
