import type { Say } from '../loop/progress';
import { median } from '../percentile';
import type { Window } from './closed-loop';

/** What a server does with so many requests under way: medians over several windows. */
export interface Level {
  readonly concurrency: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Requests of all windows that weren't answered with 200. */
  readonly failed: number;
  /** Answers of all windows. */
  readonly answered: number;
}

export interface RisingLoadProps {
  /** Measures one window. */
  readonly measure: (concurrency: number) => Promise<Window>;
  /** The 99th percentile to hold, in milliseconds. */
  readonly p99Ms: number;
  /** Windows of one level, from 1. */
  readonly repeats: number;
  readonly say: Say;
}

export interface RisingLoad {
  /** In the order in which they were measured. */
  readonly levels: readonly Level[];
  /** The most that held the percentile without a failed request. Undefined if none did. */
  readonly best: Level | undefined;
}

/** 1, 2, 4 … this many requests under way. */
const MOST_CONCURRENT = 256;
/** A level that answers less than this much more than the best so far is no gain. */
const GAIN = 1.02;

/**
 * Doubles the requests under way until the percentile breaks, or more requests bring no more answers. Then one level
 * between the last that held and the first that didn't.
 */
export async function risingLoad({ measure, p99Ms, repeats, say }: RisingLoadProps): Promise<RisingLoad> {
  const levels: Level[] = [];
  const holds = (level: Level) => level.failed === 0 && level.p99Ms <= p99Ms;
  const at = async (concurrency: number): Promise<Level> => {
    const windows: Window[] = [];
    while (windows.length < repeats) windows.push(await measure(concurrency));
    const level = summarise(concurrency, windows);
    levels.push(level);
    say(describeLevel(level));
    return level;
  };

  let most = 0;
  let idle = 0;
  let held = 0;
  for (let concurrency = 1; concurrency <= MOST_CONCURRENT && idle < 2; concurrency *= 2) {
    const level = await at(concurrency);
    if (!holds(level)) {
      if (concurrency - held > 1) await at(Math.round((held + concurrency) / 2));
      break;
    }
    held = concurrency;
    idle = level.perSecond > most * GAIN ? 0 : idle + 1;
    most = Math.max(most, level.perSecond);
  }
  const best = levels.filter(holds).toSorted((a, b) => b.perSecond - a.perSecond)[0];
  return { levels, best };
}

export function describeLevel({ concurrency, perSecond, p99Ms, failed }: Level): string {
  const wrong = failed > 0 ? `, ${failed} failed` : '';
  return `${concurrency} at a time: ${perSecond.toFixed(0)} a second, p99 ${p99Ms.toFixed(1)} ms${wrong}`;
}

function summarise(concurrency: number, windows: readonly Window[]): Level {
  const of = (member: 'perSecond' | 'medianMs' | 'p99Ms') => median(windows.map((window) => window[member]));
  const sum = (member: 'failed' | 'answered') => windows.reduce((total, window) => total + window[member], 0);
  return {
    concurrency,
    perSecond: of('perSecond'),
    medianMs: of('medianMs'),
    p99Ms: of('p99Ms'),
    failed: sum('failed'),
    answered: sum('answered'),
  };
}
