import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { endGroup } from '../../../local/container/end-group';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ServerProcess {
  readonly pid: number;
  /** From the start of the process to the first answer that says that it is ready. */
  readonly startMs: number;
  stop(): Promise<void>;
}

const START_MS = 120_000;
const STOP_MS = 15_000;
const running = new Set<number>();

/** Ends at once what still runs, with all that it has started. */
export function killServers(): void {
  for (const pid of running) endGroup(pid);
}

/**
 * Starts a server in a process group of its own and waits until it is ready.
 * @param ready URL that is answered by 200 then
 * @throws Error with the end of the log if it ends, or isn't ready in 2 minutes
 */
export async function startServer(launch: Launch, ready: string, logFile: string): Promise<ServerProcess> {
  const log = openSync(logFile, 'w');
  const begun = performance.now();
  const child = spawn(launch.command, launch.args, {
    env: launch.environment,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw new Error(`${launch.command}: can't be started, got ${error.message}; is it installed?`);
  }
  running.add(pid);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([exited, wait(STOP_MS, undefined, { ref: false })]);
    // Whatever is left of the group: its leader may have ended without its workers.
    endGroup(pid);
    running.delete(pid);
  };
  while (!(await isReady(ready))) {
    if (ended || performance.now() - begun > START_MS) {
      await stop();
      const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
      throw new Error(`${launch.command}: must answer ${ready}, got no 200; see the end of ${logFile}:\n${tail}`);
    }
    await wait(10);
  }
  return { pid, startMs: performance.now() - begun, stop };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}
