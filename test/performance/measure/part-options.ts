import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Faults } from '../../../core/faults';
import { InvalidInputError } from '../../../core/invalid-input-error';

type ParseArgsOptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** What every part of the bench takes. */
export interface PartOptions {
  /** How often each is measured. */
  readonly rounds: number;
  /** Ids of what is measured. @default - all */
  readonly only?: readonly string[];
  /** Whether figures are printed as JSON instead of as tables. @default false */
  readonly json: boolean;
  /** Whether docs/performance.md is written on a busy machine too. @default false */
  readonly force: boolean;
  /** Whether only equal work is checked: nothing is measured. @default false */
  readonly check: boolean;
}

/** For {@link parseWords}. */
export const PART_OPTIONS = {
  rounds: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'boolean' },
  force: { type: 'boolean' },
  check: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

const MOST_ROUNDS = 100;

/** @throws InvalidInputError that names the options that the part takes */
export function parseWords<T extends ParseArgsOptionsConfig>(part: string, args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    const taken = Object.keys(options).map((name) => `--${name}`);
    throw new InvalidInputError(
      `npm run bench -- ${part}`,
      `takes ${taken.join(', ')}, got: ${(cause as Error).message}`,
      `correct the options: npm run bench -- ${part} --help`,
      { cause },
    );
  }
}

export interface PartDefaults {
  /** What the ids are of, in the plural. */
  readonly what: string;
  readonly ids: readonly string[];
  readonly rounds: number;
}

/** Mistakes go to `faults`. */
export function partOptions(
  values: { readonly [Name in keyof typeof PART_OPTIONS]?: string | boolean },
  { what, ids, rounds: usual }: PartDefaults,
  faults: Faults,
): PartOptions {
  const rounds = String(values.rounds ?? usual);
  if (!/^\d{1,3}$/.test(rounds) || Number(rounds) < 1 || Number(rounds) > MOST_ROUNDS) {
    faults.add('--rounds', `must be a whole number from 1 to ${MOST_ROUNDS}, got ${rounds}`, 'correct it');
  }
  const only =
    values.only === undefined
      ? undefined
      : String(values.only)
          .split(',')
          .map((id) => id.trim());
  const unknown = only?.filter((id) => !ids.includes(id)) ?? [];
  if (unknown.length > 0) {
    faults.add('--only', `must name ${what} of ${ids.join(', ')}, got ${unknown.join(', ')}`, 'correct it');
  }
  const { json = false, force = false, check = false } = values;
  return { rounds: Number(rounds), only, json: json === true, force: force === true, check: check === true };
}

/** Lines of `--help` for {@link PART_OPTIONS}. */
export function partOptionLines({ what, ids, rounds }: PartDefaults): readonly (readonly [string, string])[] {
  return [
    ['--rounds N', `how often each is measured (${rounds})`],
    ['--only ID,ID', `just these ${what}, and docs/performance.md stays as it is: ${ids.join(', ')}`],
    ['--check', 'only check that the work is equal; nothing is measured'],
    ['--json', 'print figures as JSON'],
    ['--force', 'write docs/performance.md on a busy machine too'],
  ];
}
