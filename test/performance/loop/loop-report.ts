import { markdownTable, spread } from '../measure/figures';
import { quantile, summary } from '../measure/sample';
import type { LoopResults, LoopRun } from './loop-results';
import { shareBesideWorkload, splitOf } from './workload';

/** The most of a first run that may be something else than the workload. */
const GOAL = 0.4;

/** The tables of a run, in Markdown. */
export function loopReport({ first, second }: LoopResults): string {
  const share = shareOf(first);
  const lines = [
    `- The first run takes ${secondsOf(first)} s, of which ${percent(share)} are not the workload; the goal of ${percent(GOAL)} at most is ${share <= GOAL ? 'met' : 'missed'}.`,
    ...(second.length > 0
      ? [
          `- The second takes ${secondsOf(second)} s. Its pipeline comes from the cache, so that ${percent(shareOf(second))} of it are something else: there the goal says nothing.`,
        ]
      : []),
  ];
  return [
    `Median of ${first.length} fresh cop${first.length === 1 ? 'y' : 'ies'} of the checkout, and in brackets the least and the most.`,
    lines.join('\n'),
    table(first, second),
  ].join('\n\n');
}

function secondsOf(runs: readonly LoopRun[]): string {
  return spread(summary(runs.map(({ seconds }) => seconds)));
}

function shareOf(runs: readonly LoopRun[]): number {
  return quantile(runs.map(shareBesideWorkload), 0.5);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function table(first: readonly LoopRun[], second: readonly LoopRun[]): string {
  const of = (runs: readonly LoopRun[], title: string) => {
    const parts = runs.flatMap((run) => splitOf(run).filter((part) => part.title === title));
    return parts.length === 0 ? '–' : spread(summary(parts.map(({ seconds }) => seconds)));
  };
  const titles = new Set([...first, ...second].flatMap((run) => splitOf(run).map(({ title }) => title)));
  return markdownTable(
    ['phase', 'first run, s', 'second run, s'],
    [...titles].map((title) => [title, of(first, title), of(second, title)]),
  );
}
