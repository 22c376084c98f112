import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface MetricDefinition {
  readonly Name?: string;
  readonly Regex?: string;
}

/** @returns what is wrong with the expression, if anything */
export function metricFault({ Name = '', Regex = '' }: MetricDefinition): string | undefined {
  try {
    // The alternative that matches nothing shows how many groups the expression has.
    const groups = new RegExp(`${Regex}|`).exec('')?.length ?? 1;
    return groups > 1
      ? undefined
      : `the expression of metric ${Name} captures nothing, got ${Regex}; put the value in (…)`;
  } catch (error) {
    return `the expression of metric ${Name} isn't legal, got ${Regex} (${(error as Error).message}); correct it`;
  }
}

/**
 * The latest value of each metric in a log: the first group that an expression captures in a line. Values that aren't
 * finite numbers are passed over, as JSON can't hold them.
 */
export async function latestMetrics(
  log: string,
  definitions: readonly MetricDefinition[],
): Promise<Map<string, number>> {
  const latest = new Map<string, number>();
  if (definitions.length === 0) return latest;
  const expressions = definitions.map(({ Name = '', Regex = '' }) => ({ name: Name, regex: new RegExp(Regex, 'g') }));
  const input = createReadStream(log, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      for (const { name, regex } of expressions)
        for (const [, captured = ''] of line.matchAll(regex)) {
          const value = captured.trim() === '' ? Number.NaN : Number(captured);
          if (Number.isFinite(value)) latest.set(name, value);
        }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return latest;
}
