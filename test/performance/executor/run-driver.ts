import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup } from '../../../local/container/end-group';
import type { RunFolders } from './contestant';
import type { Work } from './work';

export interface DriverProps {
  readonly title: string;
  readonly python: string;
  /** In `peers/`. */
  readonly script: string;
  readonly work: Work;
  readonly folders: RunFolders;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const LONGEST_MS = 300_000;
const running = new Set<number>();

/** Ends at once what still runs, with all that it has started. */
export function killDrivers(): void {
  for (const pid of running) endGroup(pid);
}

/**
 * Runs a peer's driver to its end, in a process group of its own that doesn't outlive it.
 * @returns the seconds that it says
 * @throws Error with the end of its log if it fails, or takes longer than five minutes
 */
export async function runDriver(props: DriverProps): Promise<number> {
  const { title, python, script, work, folders, environment } = props;
  const files = { out: join(folders.home, 'driver.out'), log: join(folders.home, 'driver.log') };
  const [out, log] = [openSync(files.out, 'w'), openSync(files.log, 'w')];
  const child = spawn(
    python,
    [join(__dirname, 'peers', script), work.shape, String(work.steps), folders.outputs, folders.home],
    { cwd: folders.home, env: environment, stdio: ['ignore', out, log], detached: true },
  );
  closeSync(out);
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw new Error(`${title}: can't be started, got ${error.message}; is ${python} there?`);
  }
  running.add(pid);
  const timer = setTimeout(() => endGroup(pid), LONGEST_MS);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  // A server that it has started.
  endGroup(pid);
  running.delete(pid);
  if (code !== 0) {
    const tail = readFileSync(files.log, 'utf8').trim().split('\n').slice(-15).join('\n');
    throw new Error(`${title}: must run ${work.steps} steps, got ${signal ?? `exit code ${code}`}:\n${tail}`);
  }
  return secondsIn(readFileSync(files.out, 'utf8'));
}

/** @param output ends with a line `{"seconds": 1.5}` */
export function secondsIn(output: string): number {
  const last = output.trim().split('\n').at(-1) ?? '';
  const { seconds } = JSON.parse(last) as { readonly seconds?: unknown };
  if (typeof seconds !== 'number' || !(seconds > 0))
    throw new Error(`driver: must end with {"seconds": …}, got ${last}; see the script`);
  return seconds;
}
