import { markdownTable, spread } from '../measure/figures';
import { quantile, summary } from '../measure/sample';
import type { LoopResults, LoopRun } from './loop-results';
import { shareBesideWorkload, splitOf } from './workload';

/** The most of a first run that may be something else than the workload. */
const GOAL = 0.4;

/** The tables of a run, in Markdown. */
export function loopReport({ first, second }: LoopResults): string {
  const share = (runs: readonly LoopRun[]) => runs.map(shareBesideWorkload);
  const percent = (value: number) => `${(value * 100).toFixed(0)} %`;
  const median = quantile(share(first), 0.5);
  return [
    `Median of ${first.length} fresh cop${first.length === 1 ? 'y' : 'ies'} of the checkout, and in brackets the least and the most.`,
    `- The first run takes ${spread(summary(first.map(({ seconds }) => seconds)))} s, of which ${percent(median)} are not the workload; the goal of ${percent(GOAL)} at most is ${median <= GOAL ? 'met' : 'missed'}.\n` +
      `- The second takes ${spread(summary(second.map(({ seconds }) => seconds)))} s. Its pipeline comes from the cache, so that ${percent(quantile(share(second), 0.5))} of it are something else: there the goal says nothing.`,
    table(first, second),
  ].join('\n\n');
}

function table(first: readonly LoopRun[], second: readonly LoopRun[]): string {
  const of = (runs: readonly LoopRun[], title: string) => {
    const seconds = runs
      .flatMap((run) => splitOf(run).filter((part) => part.title === title))
      .map((part) => part.seconds);
    return seconds.length === 0 ? '–' : spread(summary(seconds));
  };
  const titles = new Set([...first, ...second].flatMap((run) => splitOf(run).map(({ title }) => title)));
  return markdownTable(
    ['phase', 'first run, s', 'second run, s'],
    [...titles].map((title) => [title, of(first, title), of(second, title)]),
  );
}
