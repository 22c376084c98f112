import { parseArgs } from 'node:util';
import { Faults } from '../../../core/faults';
import { InvalidInputError } from '../../../core/invalid-input-error';

export interface BenchOptions {
  /** How often every server is started and measured. @default 5 */
  readonly rounds: number;
  /** Of each measurement. @default 3 */
  readonly seconds: number;
  /** Ids of the servers to measure besides ours. @default - all */
  readonly only?: readonly string[];
  /** Whether figures are printed as JSON instead of as tables. @default false */
  readonly json: boolean;
  /** Whether docs/performance.md is written on a busy machine too. @default false */
  readonly force: boolean;
  /** Whether only the answers are compared: nothing is measured. @default false */
  readonly check: boolean;
  /** Folder with `model/` and `rows.json`. @default - one that is trained for the bench */
  readonly model?: string;
}

const LONGEST_SECONDS = 600;
const MOST_ROUNDS = 100;

/**
 * @param ids of all servers but ours
 * @throws InvalidInputError that names every illegal option
 */
export function parseBenchOptions(args: readonly string[], ids: readonly string[]): BenchOptions {
  const { rounds = '5', seconds = '3', only, json = false, force = false, check = false, model } = parse(args);
  const faults = new Faults();
  if (!/^\d{1,3}$/.test(rounds) || Number(rounds) < 1 || Number(rounds) > MOST_ROUNDS) {
    faults.add('--rounds', `must be a whole number from 1 to ${MOST_ROUNDS}, got ${rounds}`, 'correct it');
  }
  if (!/^\d{1,3}(\.\d+)?$/.test(seconds) || Number(seconds) < 0.1 || Number(seconds) > LONGEST_SECONDS) {
    faults.add('--seconds', `must be a number from 0.1 to ${LONGEST_SECONDS}, got ${seconds}`, 'correct it');
  }
  const wanted = only?.split(',').map((id) => id.trim());
  const unknown = wanted?.filter((id) => !ids.includes(id)) ?? [];
  if (unknown.length > 0) {
    faults.add('--only', `must name servers of ${ids.join(', ')}, got ${unknown.join(', ')}`, 'correct it');
  }
  faults.throwIfAny('npm run bench -- server');
  return { rounds: Number(rounds), seconds: Number(seconds), only: wanted, json, force, check, model };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string' },
        json: { type: 'boolean' },
        force: { type: 'boolean' },
        check: { type: 'boolean' },
        model: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new InvalidInputError(
      'npm run bench -- server',
      `takes --rounds N, --seconds N, --only ID,ID, --model FOLDER, --check, --json and --force, got: ${(cause as Error).message}`,
      'correct the options',
      { cause },
    );
  }
}
