import { Faults } from '../../../core/faults';
import type { BenchPart } from '../bench-part';
import type { BenchPlace } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { PART_OPTIONS, type PartDefaults, parseWords, partOptionLines, partOptions } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { killApps } from './run-app';
import { checkSynth, runSynth } from './run-synth';
import { synthReport } from './synth-report';
import { SIZES } from './synth-results';

const DEFAULTS: PartDefaults = { what: 'numbers of models', ids: SIZES.map(String), rounds: 3 };

/** Our synthesis against a CDK app that makes the same of L1s. */
export const synthPart: BenchPart = {
  summary: 'synthesis of 1, 10 and 100 models against a bare CDK app that makes the same resources of L1s only',
  options: partOptionLines(DEFAULTS).map(([option, meaning]) => [
    option,
    option === '--check' ? `${meaning}: of 1 model, or of what --only says` : meaning,
  ]),
  run: synthBench,
  end: killApps,
};

async function synthBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const faults = new Faults();
  const options = partOptions(parseWords('synth', args, PART_OPTIONS), DEFAULTS, faults);
  faults.throwIfAny('npm run bench -- synth');
  const { only, rounds, check } = options;
  const sizes = SIZES.filter((models) => only?.includes(String(models)) ?? true);
  if (check) {
    await checkSynth(place, only ? sizes : SIZES.slice(0, 1));
    return;
  }
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const results = await runSynth(place, sizes, rounds);
  publish({ place, part: 'synth', options, machine, report: synthReport(results), results });
}
