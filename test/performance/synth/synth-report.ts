import { figure, markdownTable, spread, times } from '../measure/figures';
import { quantile, ratios, type Summary, summary } from '../measure/sample';
import type { SynthFigures } from './figures';
import { roundsOf, type SizeResult, type SynthResults, type SynthRuns } from './synth-results';

const MOST_OF_BARE = 1.15;
const MOST_MEMORY_MB = 1024;
/** A model more may cost this much more among many than among few: what the measurement itself varies by. */
const MOST_GROWTH = 1.25;

const KINDS = [
  ['validated', 'templates validated, as by default'],
  ['unvalidated', 'without the validation'],
] as const;
type Kind = (typeof KINDS)[number][0];

/** The tables of a run, in Markdown. Ratios are of ours to the bare app's, round by round. */
export function synthReport({ rounds, sizes }: SynthResults): string {
  const counts = [...new Set(sizes.map(({ models }) => roundsOf(models, rounds)))];
  const head = `Median of ${counts.join(' or ')} rounds, and in brackets the least and the most. "÷" is ours to the bare app's.`;
  const tables = KINDS.map(([kind, title]) => `### Synthesis, ${title}\n\n${table(sizes, kind)}`);
  return [head, `### Goals of the synthesis\n\n${goals(sizes)}`, ...tables].join('\n\n');
}

function table(sizes: readonly SizeResult[], kind: Kind): string {
  const columns = (runs: SizeResult[Kind], key: keyof SynthFigures) => [
    spread(summary(of(runs.ours, key))),
    spread(summary(of(runs.bare, key))),
    times(ratioOf(runs, key)),
  ];
  return markdownTable(
    [
      'models',
      'stacks',
      'resources',
      'time, s',
      'bare',
      '÷',
      'processor time, s',
      'bare',
      '÷',
      'memory, MB',
      'bare',
      '÷',
    ],
    sizes.map(({ models, stacks, resources, [kind]: runs }) => [
      String(models),
      String(stacks),
      resources.toLocaleString('en-GB'),
      ...columns(runs, 'wallSeconds'),
      ...columns(runs, 'cpuSeconds'),
      ...columns(runs, 'memoryMb'),
    ]),
  );
}

function of(runs: SynthRuns, key: keyof SynthFigures): readonly number[] {
  return runs.map((run) => run[key]);
}

/** Ours to the bare app's. */
export function ratioOf({ ours, bare }: SizeResult[Kind], key: keyof SynthFigures): Summary {
  return ratios(of(ours, key), of(bare, key));
}

/**
 * What a model more costs from the middle size to the largest, to what it costs from the smallest to the middle.
 * @returns undefined with fewer than three sizes
 */
export function growth(sizes: readonly SizeResult[], kind: Kind): number | undefined {
  const [small, middle, large] = sizes.toSorted((a, b) => a.models - b.models);
  if (!small || !middle || !large) return undefined;
  const median = (size: SizeResult) => quantile(of(size[kind].ours, 'cpuSeconds'), 0.5);
  const slope = (from: SizeResult, to: SizeResult) => (median(to) - median(from)) / (to.models - from.models);
  return slope(middle, large) / slope(small, middle);
}

function goals(sizes: readonly SizeResult[]): string {
  const verdict = (met: boolean) => (met ? 'met' : 'missed');
  const lines = sizes.flatMap((size) =>
    KINDS.map(([kind, title]) => {
      const ratio = ratioOf(size[kind], 'cpuSeconds');
      return `- ${size.models} model${size.models === 1 ? '' : 's'}, ${title}: ${times(ratio)} the processor time of the bare app; the goal of ${MOST_OF_BARE}× at most is ${verdict(ratio.median <= MOST_OF_BARE)}.`;
    }),
  );
  const largest = sizes.toSorted((a, b) => b.models - a.models)[0];
  for (const [kind, title] of KINDS) {
    const found = growth(sizes, kind);
    if (found !== undefined) {
      lines.push(
        `- A model more costs ${figure(found)} times as much processor time among the many as among the few, ${title}; the goal of linear growth (${MOST_GROWTH} at most) is ${verdict(found <= MOST_GROWTH)}.`,
      );
    }
    if (largest) {
      const { median } = summary(of(largest[kind].ours, 'memoryMb'));
      lines.push(
        `- ${largest.models} models take ${figure(median)} MB at most, ${title}; the goal of less than ${figure(MOST_MEMORY_MB)} MB is ${verdict(median < MOST_MEMORY_MB)}.`,
      );
    }
  }
  return lines.join('\n');
}
