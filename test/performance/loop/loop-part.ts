import { Faults } from '../../../core/faults';
import { localAwsStatus } from '../../../local/aws/local-aws';
import { StateDirectory } from '../../../local/state-directory';
import type { BenchPart } from '../bench-part';
import type { BenchPlace } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { PART_OPTIONS, type PartDefaults, parseWords, partOptionLines, partOptions } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { loopReport } from './loop-report';
import { endCommands, runLoops } from './run-loop';

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

function killLoops(): void {
  for (const folder of endCommands()) {
    const { aws, sagemaker } = localAwsStatus(new StateDirectory(folder));
    for (const daemon of [aws, sagemaker]) if (daemon) process.kill(-daemon.pid, 'SIGKILL');
  }
}
