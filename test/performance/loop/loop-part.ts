import { Faults } from '../../../core/faults';
import { localAwsStatus } from '../../../local/aws/local-aws';
import { StateDirectory } from '../../../local/state-directory';
import type { BenchPart } from '../bench-part';
import type { BenchPlace } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { PART_OPTIONS, type PartDefaults, parseWords, partOptionLines, partOptions } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { loopReport } from './loop-report';
import { runLoops, runningLoops } from './run-loop';

const DEFAULTS: PartDefaults = { what: 'runs', ids: [], rounds: 1 };
/** There is one loop, and nothing to compare it with. */
const OPTIONS = partOptionLines(DEFAULTS).filter(([option]) => !option.startsWith('--only'));

/** Where the time of `npm run local` goes. */
export const loopPart: BenchPart = {
  summary: 'npm run local in a fresh copy of the checkout, the first time and the second, split by phase',
  options: OPTIONS,
  run: loopBench,
  end: killLoops,
};

async function loopBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const { only: _, ...taken } = PART_OPTIONS;
  const faults = new Faults();
  const options = partOptions(parseWords('loop', args, taken), DEFAULTS, faults);
  faults.throwIfAny('npm run bench -- loop');
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const results = await runLoops(place, options.check ? 1 : options.rounds);
  if (options.check) {
    place.say('both runs ended well');
    return;
  }
  publish({ place, part: 'loop', options, machine, report: loopReport(results), results });
}

function killLoops(): void {
  for (const folder of runningLoops()) {
    const { aws, sagemaker } = localAwsStatus(new StateDirectory(folder));
    for (const daemon of [aws, sagemaker]) if (daemon) process.kill(-daemon.pid, 'SIGKILL');
  }
}
