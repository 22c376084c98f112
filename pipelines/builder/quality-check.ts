import type { QualityCheckStep } from '../definition';
import { job } from './members';
import type { JobOptions } from './options';

export type QualityCheckOptions = JobOptions &
  Pick<QualityCheckStep, 'image' | 'dataset' | 'format' | 'group' | 'baseline'> & {
    /** @default true */
    readonly failOnViolation?: boolean;
  };

/** Compares a data set with the baseline of the approved model. */
export function qualityCheck(name: string, options: QualityCheckOptions): QualityCheckStep {
  const { image, dataset, format, group, baseline, failOnViolation = true } = options;
  return {
    ...job(name, options),
    kind: 'qualityCheck',
    image,
    dataset,
    format,
    group,
    failOnViolation,
    ...(baseline && { baseline }),
  };
}
