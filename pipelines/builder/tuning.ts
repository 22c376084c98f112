import type { TuningStep, Value } from '../definition';
import { type Trained, type TrainingOptions, trained } from './training';

export type TuningOptions = TrainingOptions &
  Pick<TuningStep, 'objective' | 'maxJobs' | 'ranges'> & {
    /** @default 'Random' */
    readonly strategy?: TuningStep['strategy'];
    /** @default 2 */
    readonly maxParallelJobs?: Value;
    /** @default 0 */
    readonly seed?: number;
  };

/** Trains many times and keeps the best. The objective needn't be listed among the metrics. */
export function tuning(name: string, options: TuningOptions): TuningStep & Trained {
  const { objective, maxJobs, ranges, strategy = 'Random', maxParallelJobs = 2, seed = 0, metrics = [] } = options;
  return {
    ...trained(name, { ...options, metrics: [...new Set([...metrics, objective.metric])] }),
    kind: 'tuning',
    strategy,
    objective,
    maxJobs,
    maxParallelJobs,
    seed,
    ranges,
  };
}
