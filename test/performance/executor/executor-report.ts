import { figure, markdownTable, spread, times } from '../measure/figures';
import { type Summary, summary } from '../measure/sample';
import { type ExecutorResult, type ExecutorResults, OURS, WITHOUT_FORKS } from './executor-results';
import { leastOverhead, overheadRatio, overheads } from './overhead';
import { HEAVY, MANY_STEPS, SHAPES, STEP_COUNTS, setting, type Work } from './work';

/** The most of the best peer's overhead that ours may be. */
const GOAL = 0.1;

type Measured = ExecutorResult & { readonly overheads: readonly number[] };

/** The tables of a run, in Markdown. */
export function executorReport(results: ExecutorResults): string {
  const works = STEP_COUNTS.flatMap((steps) => SHAPES.map((shape): Work => ({ shape, steps })));
  const figures =
    `Median of ${results.rounds} round${results.rounds === 1 ? '' : 's'}, and in brackets the least and the most; a peer that took longer than eight ` +
    'seconds was run once. Overhead is what a step takes beyond its bare process. "ours is" is our overhead over theirs.';
  return [
    figures,
    `### Goals\n\n${goals(results, works)}`,
    ...works.map((work) => `### ${work.steps} steps, ${work.shape}\n\n${table(results, work)}`),
    `### ${MANY_STEPS.toLocaleString('en-GB')} steps\n\n${manySteps(results)}`,
    ...(results.heavy
      ? [`### ${HEAVY.steps} steps that import pandas and scikit-learn, ${HEAVY.shape}\n\n${heavySteps(results)}`]
      : []),
  ].join('\n\n');
}

function measured({ bare, contestants }: ExecutorResults, work: Work): readonly Measured[] {
  const none = { seconds: [] };
  const key = setting(work);
  return contestants
    .filter(({ runs }) => (runs[key] ?? none).seconds.length > 0)
    .map((one) => ({ ...one, overheads: overheads(one.runs[key] ?? none, bare.runs[key] ?? none, work.steps) }));
}

function table(results: ExecutorResults, work: Work): string {
  const all = measured(results, work);
  const [ours] = all;
  const key = setting(work);
  const bare = results.bare.runs[key]?.seconds ?? [];
  return markdownTable(
    ['executor', 'seconds', 'overhead a step, ms', 'ours is', 'version'],
    [
      ...all.map((one) => {
        const ratio = ours && !OURS.includes(one.id) ? overheadRatio(ours.overheads, one.overheads) : undefined;
        const seconds = summary(one.runs[key]?.seconds ?? []);
        return [one.title, spread(seconds), spread(summary(one.overheads)), ratio ? share(ratio) : '', one.versions];
      }),
      [results.bare.title, spread(summary(bare)), '', '', ''],
    ],
  );
}

function goals(results: ExecutorResults, works: readonly Work[]): string {
  return works
    .flatMap((work) => {
      const all = measured(results, work);
      const [ours] = all;
      const best = leastOverhead(all.filter(({ id }) => !OURS.includes(id)));
      const ratio = ours && best ? overheadRatio(ours.overheads, best.overheads) : undefined;
      if (!ours || !best || !ratio) return [];
      const bare = all.find(({ id }) => id === WITHOUT_FORKS);
      return [
        `- ${work.steps} steps, ${work.shape}: ${overhead(ours, best)}, where the best peer (${best.title}) takes ` +
          `${ms(best)}; the goal of ${GOAL}× at most is ${ratio.median <= GOAL ? 'met' : 'missed'}.` +
          (bare ? ` Without the fork server: ${overhead(bare, best)}.` : ''),
      ];
    })
    .join('\n');
}

const ms = ({ overheads: all }: Measured) => `${figure(summary(all).median)} ms`;

/** A ratio of less than nothing says nothing. */
function overhead(one: Measured, best: Measured): string {
  const ratio = overheadRatio(one.overheads, best.overheads);
  return `${ms(one)} a step beyond its process${ratio && ratio.median > 0 ? `, ${times(ratio, 3)}` : ''}`;
}

function share(ratio: Summary): string {
  return ratio.median > 0 ? times(ratio, 3) : 'below 0';
}

function heavySteps({ heavy = [] }: ExecutorResults): string {
  const key = setting(HEAVY);
  return markdownTable(
    ['executor', 'seconds', 'a step, ms'],
    heavy.map(({ title, runs }) => {
      const seconds = runs[key]?.seconds ?? [];
      return [title, spread(summary(seconds)), spread(summary(seconds.map((each) => (each * 1000) / HEAVY.steps)))];
    }),
  );
}

function manySteps(results: ExecutorResults): string {
  return markdownTable(
    ['executor', 'shape', 'seconds', 'overhead a step, ms'],
    SHAPES.flatMap((shape) => {
      const work = { shape, steps: MANY_STEPS };
      return measured(results, work).map((one) => [
        one.title,
        shape,
        spread(summary(one.runs[setting(work)]?.seconds ?? [])),
        spread(summary(one.overheads)),
      ]);
    }),
  );
}
