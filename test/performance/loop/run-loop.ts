import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { endGroup } from '../../../local/container/end-group';
import { Summary } from '../../../local/loop/summary';
import type { BenchPlace } from '../measure/bench-place';
import { freshClone } from './fresh-clone';
import type { LoopResults, LoopRun } from './loop-results';
import { readJobs } from './read-jobs';

/** Everything of a clone, so that it can be ended from outside. */
const clones = new Set<string>();
const commands = new Set<ChildProcess>();
const LONGEST_MS = 600_000;

/**
 * Runs the loop once or twice in a fresh copy of the checkout, and takes it down.
 * @throws Error with the end of its log if one fails
 */
export async function runLoops(
  place: BenchPlace,
  rounds: number,
  which: readonly (keyof LoopResults)[],
): Promise<LoopResults> {
  const results: { first: LoopRun[]; second: LoopRun[] } = { first: [], second: [] };
  for (let round = 1; round <= rounds; round += 1) {
    const clone = join(place.directory, `loop-${process.pid}`, 'clone');
    clones.add(clone);
    try {
      freshClone(place.root, clone);
      for (const one of which) {
        place.say(`round ${round} of ${rounds}: ${one} run of the loop`);
        results[one].push(await runOnce(place, clone));
      }
    } finally {
      await mlops(place, clone, ['local', 'down']).catch(() => {});
      clones.delete(clone);
      removeClone(clone);
    }
  }
  return results;
}

async function runOnce(place: BenchPlace, clone: string): Promise<LoopRun> {
  const since = Date.now();
  const output = await mlops(place, clone, ['local', '--json']);
  const seconds = (Date.now() - since) / 1000;
  const { phases } = Summary.parse(JSON.parse(output));
  return { seconds, phases, jobs: readJobs(join(clone, '.mlops', 'local', 'sagemaker'), since) };
}

/** @returns its standard output */
async function mlops({ directory }: BenchPlace, clone: string, args: readonly string[]): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const files = { out: join(directory, 'loop.out'), log: join(directory, 'loop.log') };
  const [out, log] = [openSync(files.out, 'w'), openSync(files.log, 'w')];
  const { MLOPS_STATE_DIR: _, ...environment } = process.env;
  const child = spawn(process.execPath, [join(clone, 'bin', 'mlops.mjs'), ...args], {
    cwd: clone,
    env: environment,
    stdio: ['ignore', out, log],
    // A group of its own, so that what it has started can be ended with it.
    detached: true,
    timeout: LONGEST_MS,
  });
  closeSync(out);
  closeSync(log);
  commands.add(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  commands.delete(child);
  if (code !== 0) {
    const tail = readFileSync(files.log, 'utf8').trim().split('\n').slice(-15).join('\n');
    throw new Error(`npm run local: must end with code 0, got ${code}; see the end of ${files.log}:\n${tail}`);
  }
  return readFileSync(files.out, 'utf8');
}

/** Ends the commands that run, with what they have started. @returns the clones, in which a local AWS runs on */
export function endCommands(): readonly string[] {
  for (const { pid } of commands) if (pid !== undefined) endGroup(pid);
  return [...clones];
}

/** With the folder that was made for it. What has just been killed may still be ending. */
export function removeClone(clone: string): void {
  rmSync(dirname(clone), { recursive: true, force: true, maxRetries: 10 });
}
