import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import type { StepDefinition } from '../definition';

/** ISO 8601, down to minutes, with at least one part. */
const DURATION = /^P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;

export function checkCache({ Name, CacheConfig }: StepDefinition, faults: Faults): void {
  const after = CacheConfig?.ExpireAfter;
  if (typeof after !== 'string') return;
  const where = `${Name}.CacheConfig.ExpireAfter`;
  if (!DURATION.test(after))
    faults.add(where, `must be an ISO 8601 duration, got ${show(after)}`, 'write one such as P30D or PT12H');
  else if (!/[1-9]/.test(after))
    faults.add(where, `must be longer than nothing, got ${after}`, 'lengthen it, or cache nothing');
}
