import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchPlace } from '../measure/bench-place';
import { checkOutputs } from './check-outputs';
import type { Contestant } from './contestant';
import { type ExecutorResult, type ExecutorResults, OURS } from './executor-results';
import { HEAVY, MANY_STEPS, SHAPES, STEP_COUNTS, setting, type Work } from './work';

export interface RunExecutorsProps {
  readonly place: BenchPlace;
  readonly bare: Contestant;
  /** Ours first. */
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  /** One whose run took longer isn't run with the same work again, unless it is ours or the bare processes. @default 3 */
  readonly patienceSeconds?: number;
}

const WORKS: readonly Work[] = STEP_COUNTS.flatMap((steps) => SHAPES.map((shape) => ({ shape, steps })));

/**
 * Runs each once and checks what its steps leave.
 * @throws Error if one fails, or leaves something else
 */
export async function checkExecutors({ place, bare, contestants }: RunExecutorsProps): Promise<void> {
  for (const one of [bare, ...contestants])
    for (const shape of SHAPES) {
      place.say(`checking ${one.title}, ${shape}`);
      await runOnce(place, one, { shape, steps: STEP_COUNTS[0] });
    }
}

/**
 * Measures all with one kind of pipeline after another, and again. What the steps leave is checked after every run.
 * @throws Error as {@link checkExecutors}
 */
export async function runExecutors(props: RunExecutorsProps): Promise<ExecutorResults> {
  const { place, bare, contestants, rounds, patienceSeconds = 3 } = props;
  const found = new Map([bare, ...contestants].map((one) => [one.id, begin(one)]));
  const keep = (one: Contestant, work: Work, seconds: number) => {
    (found.get(one.id)?.runs[setting(work)] ?? { seconds: [] }).seconds.push(seconds);
  };
  const isTired = (one: Contestant, work: Work) =>
    !OURS.includes(one.id) &&
    (found.get(one.id)?.runs[setting(work)]?.seconds.some((seconds) => seconds > patienceSeconds) ?? false);
  const round = async (work: Work, those: readonly Contestant[]) => {
    const before = await runOnce(place, bare, work);
    for (const one of those) if (!isTired(one, work)) keep(one, work, await runOnce(place, one, work));
    keep(bare, work, (before + (await runOnce(place, bare, work))) / 2);
  };
  for (let number = 1; number <= rounds; number += 1)
    for (const work of WORKS) {
      place.say(`round ${number} of ${rounds}: ${work.steps} steps, ${work.shape}`);
      await round(work, contestants);
    }
  const [ours] = contestants.filter(({ id }) => OURS.includes(id));
  for (const shape of SHAPES) {
    const work = { shape, steps: MANY_STEPS };
    place.say(`${MANY_STEPS} steps, ${shape}`);
    for (const one of [bare, ...(ours ? [ours] : [])]) keep(one, work, await runOnce(place, one, work));
  }
  const [first, ...others] = [...found.values()];
  if (!first) throw new Error('runExecutors: needs the bare processes, got none; give them');
  return { rounds, bare: first, contestants: others };
}

type Growing = Omit<ExecutorResult, 'runs'> & { readonly runs: Record<string, { readonly seconds: number[] }> };

function begin({ id, title, versions }: Contestant): Growing {
  const all = [...WORKS, ...SHAPES.map((shape) => ({ shape, steps: MANY_STEPS }))];
  return { id, title, versions, runs: Object.fromEntries(all.map((work) => [setting(work), { seconds: [] }])) };
}

/** Measures a chain of ten heavy steps after a run that nobody measures. @throws Error as {@link checkExecutors} */
export async function runHeavy(
  place: BenchPlace,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<readonly ExecutorResult[]> {
  const found = contestants.map((one) => ({ one, result: begin(one) }));
  for (let number = 0; number <= rounds; number += 1)
    for (const { one, result } of found) {
      place.say(`steps that import pandas and scikit-learn, ${one.title}`);
      const seconds = await runOnce(place, one, HEAVY);
      if (number > 0) result.runs[setting(HEAVY)]?.seconds.push(seconds);
    }
  return found.map(({ result }) => result);
}

async function runOnce({ directory }: BenchPlace, one: Contestant, work: Work): Promise<number> {
  const folder = join(directory, 'runs', `${one.id}-${setting(work)}-${process.pid}`);
  const folders = { outputs: join(folder, 'outputs'), home: join(folder, 'home') };
  rmSync(folder, { recursive: true, force: true });
  for (const each of Object.values(folders)) mkdirSync(each, { recursive: true });
  const seconds = await one.run(work, folders);
  checkOutputs(one.title, work, folders.outputs);
  rmSync(folder, { recursive: true, force: true });
  return seconds;
}
