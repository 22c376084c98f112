import { Faults } from '../../../core/faults';
import { PART_OPTIONS, type PartDefaults, type PartOptions, parseWords, partOptions } from '../measure/part-options';

export interface BenchOptions extends PartOptions {
  /** Of each measurement. @default 2 */
  readonly seconds: number;
  /** Folder with `model/` and `rows.json`. @default - one that is trained for the bench */
  readonly model?: string;
}

const LONGEST_SECONDS = 600;

/** @param ids of all servers but ours */
export function serverDefaults(ids: readonly string[]): PartDefaults {
  return { what: 'servers', ids, rounds: 3 };
}

/**
 * @param ids of all servers but ours
 * @throws InvalidInputError that names every illegal option
 */
export function parseBenchOptions(args: readonly string[], ids: readonly string[]): BenchOptions {
  const values = parseWords('server', args, {
    ...PART_OPTIONS,
    seconds: { type: 'string' },
    model: { type: 'string' },
  } as const);
  const { seconds = '2', model } = values;
  const faults = new Faults();
  const common = partOptions(values, serverDefaults(ids), faults);
  if (!/^\d{1,3}(\.\d+)?$/.test(seconds) || Number(seconds) < 0.1 || Number(seconds) > LONGEST_SECONDS) {
    faults.add('--seconds', `must be a number from 0.1 to ${LONGEST_SECONDS}, got ${seconds}`, 'correct it');
  }
  faults.throwIfAny('npm run bench -- server');
  return { ...common, seconds: Number(seconds), model };
}
