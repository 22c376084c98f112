import { join } from 'node:path';
import type { BenchPlace } from './bench-place';
import { describeMachine, isBusy, type Machine } from './machine';
import { PAGE, writePart } from './page';
import type { PartOptions } from './part-options';

export interface Published {
  readonly place: BenchPlace;
  /** As its markers in docs/performance.md name it. */
  readonly part: string;
  readonly options: Pick<PartOptions, 'json' | 'force' | 'only'>;
  /** As it was before the first measurement. */
  readonly machine: Machine;
  /** The tables, in Markdown. */
  readonly report: string;
  /** All that was measured, for `--json`. */
  readonly results: object;
}

/** Says so where figures of this machine would mean little. */
export function warnIfBusy({ say }: BenchPlace, machine: Machine): void {
  if (isBusy(machine)) {
    say(`the load average is ${machine.load.toFixed(2)} on ${machine.cores} cores: figures mean little`);
  }
}

/** Prints what was measured, and writes docs/performance.md if the machine was idle and nothing was left out. */
export function publish({ place, part, options, machine, report, results }: Published): void {
  const { json, force, only } = options;
  const text = `${describeMachine(machine)}\n\n${report}`;
  console.log(json ? JSON.stringify({ machine, ...results }, undefined, 2) : text);
  const kept = only
    ? 'something was left out'
    : isBusy(machine) && !force
      ? 'the machine was busy: --force writes all the same'
      : undefined;
  if (kept) {
    place.say(`${PAGE} stays as it is: ${kept}`);
    return;
  }
  writePart(join(place.root, PAGE), part, text);
  place.say(`${PAGE} is written`);
}
