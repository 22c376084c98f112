import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Faults } from '../../../core/faults';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { TIERS, TIERS_FILE, type TierRecord } from '../../tiers';
import type { BenchPart } from '../bench-part';
import type { BenchPlace } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { PART_OPTIONS, type PartDefaults, parseWords, partOptionLines, partOptions } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { suiteReport } from './suite-report';

const DEFAULTS: PartDefaults = { what: 'tiers', ids: TIERS, rounds: 1 };
const OPTIONS = { ...PART_OPTIONS, recorded: { type: 'boolean' } } as const;
/** Of {@link TIERS}, the quickest. */
const QUICKEST = ['types'];

/** How long the tiers of `npm test` take. */
export const suitePart: BenchPart = {
  summary: 'wall time of npm test by tier',
  options: [...partOptionLines(DEFAULTS), ['--recorded', 'take what the last npm test wrote down, and run nothing']],
  run: suiteBench,
  end: endTiers,
};

let running: ChildProcess | undefined;

/** With the runner of the tests goes what it started. */
function endTiers(): void {
  if (running?.pid === undefined) return;
  try {
    process.kill(-running.pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}

async function suiteBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const faults = new Faults();
  const values = parseWords('suite', args, OPTIONS);
  const options = partOptions(values, DEFAULTS, faults);
  faults.throwIfAny('npm run bench -- suite');
  if (options.check) {
    await runTiers(place, QUICKEST);
    place.say(`${QUICKEST.join(', ')} ran and ${TIERS_FILE} says so`);
    return;
  }
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const tiers = options.only ?? TIERS;
  const rounds: (readonly TierRecord[])[] = [];
  if (values.recorded) rounds.push(recorded(place, tiers));
  else for (let round = 0; round < options.rounds; round++) rounds.push(await runTiers(place, tiers));
  publish({ place, part: 'suite', options, machine, report: suiteReport({ rounds }), results: { rounds } });
}

const recordOf = ({ root }: BenchPlace) => join(root, '.mlops', 'test', TIERS_FILE);

/** @throws InvalidInputError if the last run left out a tier */
function recorded(place: BenchPlace, tiers: readonly string[]): readonly TierRecord[] {
  let all: readonly TierRecord[] = [];
  try {
    all = JSON.parse(readFileSync(recordOf(place), 'utf8')) as readonly TierRecord[];
  } catch {
    // Told below: nothing is recorded.
  }
  // Records of a time when tiers didn't overlap have no beginning.
  const missing = tiers.filter((tier) => !all.some((record) => record.tier === tier && record.began >= 0));
  if (missing.length > 0) {
    throw new InvalidInputError(
      'npm run bench -- suite --recorded',
      `needs a record of every tier, got none of ${missing.join(', ')}`,
      'run npm test before, or name with --only what it ran',
    );
  }
  return all.filter(({ tier }) => tiers.includes(tier));
}

/** Each failing test is told in the log; a tier that fails is measured all the same, and said to have failed. */
async function runTiers(place: BenchPlace, tiers: readonly string[]): Promise<readonly TierRecord[]> {
  const { root, directory, say } = place;
  rmSync(recordOf(place), { force: true });
  const logFile = join(directory, 'suite.log');
  say(`running ${tiers.join(', ')}: see ${logFile}`);
  const log = openSync(logFile, 'w');
  running = spawn(process.execPath, ['--import', 'tsx', join(root, 'test/run.ts'), ...tiers], {
    cwd: root,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const [code] = (await once(running, 'exit')) as [number | null];
  running = undefined;
  const records = recorded(place, tiers);
  if (code !== 0) say(`a tier failed: see ${logFile}`);
  return records;
}
