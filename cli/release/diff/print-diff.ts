import pc from 'picocolors';
import type { Estimate } from '../../../core/evaluation';
import type { Comparison, FactLine, MetricLine } from './compare-versions';
import type { VersionFacts } from './version-facts';

export interface Diff {
  readonly environment: string;
  readonly model: string;
  /** Version that serves. */
  readonly live: number | null;
  readonly from: VersionFacts;
  readonly to: VersionFacts;
  readonly comparison: Comparison;
}

/** Two versions as an approver reads them: what changed first. */
export function printDiff({ environment, model, live, from, to, comparison }: Diff): string[] {
  const name = ({ version }: VersionFacts) => `version ${version}${version === live ? ' (live)' : ''}`;
  const { metrics, facts, hyperparameters } = comparison;
  const changed = [...facts, ...prefixed(hyperparameters)].filter((line) => line.changed);
  const same = [...facts, ...prefixed(hyperparameters)].filter((line) => !line.changed && line.from !== null);
  const unknown = facts.filter((line) => line.from === null && line.to === null);
  const width = Math.max(0, ...metrics.map(({ metric }) => metric.length));
  return [
    pc.bold(`${model} in ${environment}: ${name(from)} to ${name(to)}`),
    ...(comparison.caution === null ? [] : [`  ${pc.yellow(`Take care: ${comparison.caution}`)}`]),
    ...[...from.faults, ...to.faults].map((fault) => `  ${pc.yellow(fault)}`),
    ...(metrics.length === 0 ? [] : ['', '  metrics, with their intervals']),
    ...metrics.map((line) => `    ${line.metric.padEnd(width)}  ${describeMetric(line)}`),
    ...(changed.length === 0 ? ['', '  Nothing else differs.'] : ['', '  changed']),
    ...changed.flatMap(({ fact, from: before, to: after }) => [
      `    ${fact}`,
      `      ${pc.red(`- ${before ?? '(not recorded)'}`)}`,
      `      ${pc.green(`+ ${after ?? '(not recorded)'}`)}`,
    ]),
    ...(same.length === 0 ? [] : ['', `  the same: ${same.map(({ fact }) => fact).join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`  not recorded: ${unknown.map(({ fact }) => fact).join(', ')}`]),
  ];
}

function prefixed(lines: readonly FactLine[]): FactLine[] {
  return lines.map((line) => ({ ...line, fact: `hyperparameter ${line.fact}` }));
}

function describeMetric({ from, to, change, overlaps }: MetricLine): string {
  const values = `${describe(from)}  to  ${describe(to)}`;
  if (change === null) return values;
  if (change === 0) return `${values}  the same`;
  const sign = `${change > 0 ? '+' : ''}${change.toFixed(4)}`;
  return `${values}  ${sign}${overlaps === true ? ', within the intervals' : ', beyond the intervals'}`;
}

function describe(estimate: Estimate | null): string {
  if (!estimate) return 'not measured';
  return `${estimate.value.toFixed(4)} [${estimate.low.toFixed(4)}, ${estimate.high.toFixed(4)}]`;
}
