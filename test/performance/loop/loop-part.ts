import { join } from 'node:path';
import { Faults } from '../../../core/faults';
import { killLocalAws } from '../../../local/aws/kill-local-aws';
import { StateDirectory } from '../../../local/state-directory';
import type { BenchPart } from '../bench-part';
import type { BenchPlace } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { PART_OPTIONS, type PartDefaults, parseWords, partOptionLines, partOptions } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { loopReport } from './loop-report';
import { endCommands, removeClone, runLoops } from './run-loop';

/** There is no second run without a first. */
const DEFAULTS: PartDefaults = { what: 'runs', ids: ['first'], rounds: 1 };

/** Where the time of `npm run local` goes. */
export const loopPart: BenchPart = {
  summary: 'npm run local in a fresh copy of the checkout, the first time and the second, split by phase',
  options: partOptionLines(DEFAULTS),
  run: loopBench,
  end: killLoops,
};

async function loopBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const faults = new Faults();
  const options = partOptions(parseWords('loop', args, PART_OPTIONS), DEFAULTS, faults);
  faults.throwIfAny('npm run bench -- loop');
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const which = options.only ? (['first'] as const) : (['first', 'second'] as const);
  const results = await runLoops(place, options.check ? 1 : options.rounds, which);
  if (options.check) {
    place.say('every run ended well');
    return;
  }
  publish({ place, part: 'loop', options, machine, report: loopReport(results), results });
}

/** The folder of a clone goes too: it holds Python environments and all that the loop made. */
function killLoops(): void {
  for (const clone of endCommands()) {
    killLocalAws(new StateDirectory(join(clone, '.mlops', 'local')));
    removeClone(clone);
  }
}
