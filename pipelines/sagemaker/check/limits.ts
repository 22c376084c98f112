import type { Faults } from '../../../core/faults';
import { type Breach, breachesOf, type Limits, type LimitTable } from '../../shape/breach';
import { pathText } from '../../shape/check-shape';
import { show } from '../../shape/show';
import table from '../service-limits.json';

const LIMITS = table as unknown as LimitTable;

/**
 * Checks a value against the limits that SageMaker's model has for a shape, for example `CreateProcessingJobRequest`.
 * @param skip is asked about every value; true for those that nobody knows yet
 */
export function checkLimits(
  shape: string,
  value: unknown,
  where: string,
  faults: Faults,
  skip: (value: unknown, limits: Pick<Limits, 'integer'>, where: string) => boolean,
): void {
  const breaches = breachesOf(LIMITS, shape, value, {
    skip: (inner, limits, path) => skip(inner, limits, pathText(where, path)),
  });
  for (const breach of breaches) {
    const [problem, fix] = explain(breach);
    faults.add(pathText(where, breach.path), problem, fix);
  }
}

function explain(breach: Breach): [problem: string, fix: string] {
  switch (breach.kind) {
    case 'too short':
      return [`must have at least ${count(breach.bound, 'character')}, got ${breach.length}`, 'lengthen it'];
    case 'too long':
      return [`must have at most ${count(breach.bound, 'character')}, got ${breach.length}`, 'shorten it'];
    case 'too few':
      return [`must hold at least ${count(breach.bound, breach.of)}, got ${breach.length}`, 'add some'];
    case 'too many':
      return [`must hold at most ${count(breach.bound, breach.of)}, got ${breach.length}`, 'take some out'];
    case 'too small':
      return [`must be at least ${breach.bound}, got ${breach.value}`, 'raise it'];
    case 'too large':
      return [`must be at most ${breach.bound}, got ${breach.value}`, 'lower it'];
    case 'no whole number':
      return [`must be a whole number, got ${breach.value}`, 'round it'];
    case 'not in the enum':
      return [`must be one of ${breach.choices.join(', ')}, got ${show(breach.value)}`, 'choose one of them'];
    default:
      return [`must match ${breach.pattern}, got ${show(breach.value)}`, 'correct it'];
  }
}

function count(number: number, what: string): string {
  if (number === 1) return `1 ${what}`;
  return `${number} ${what === 'entry' ? 'entries' : `${what}s`}`;
}
