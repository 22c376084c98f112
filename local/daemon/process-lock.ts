import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from '../container/process-identity';

export interface ProcessLockProps {
  /** Called once if somebody else holds the lock, with their process id. */
  readonly onWait?: (pid: number) => void;
  /**
   * Longest wait for another process, in seconds.
   * @default 900
   */
  readonly timeoutSeconds?: number;
}

/** Between two looks at a lock that somebody else holds. */
const POLL_MS = 100;
/** Taking over a lock takes microseconds: a helper file that is older was left by a process that was killed meanwhile. */
const TAKE_OVER_MS = 5000;

/**
 * Does the work while no other process does it under the same lock. A lock whose process was killed is taken over.
 * @param file holds the identity of the process while it is at work
 * @throws Error when another process still holds it after the longest wait
 */
export async function withProcessLock<T>(
  file: string,
  work: () => Promise<T>,
  { onWait, timeoutSeconds = 900 }: ProcessLockProps = {},
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const deadline = Date.now() + timeoutSeconds * 1000;
  let told = false;
  while (!create(file, JSON.stringify(identify(process.pid)))) {
    const holder = read(file);
    const holds = holder !== undefined && isRunning(holder);
    if (!holds && removeStale(file)) continue;
    if (holds && !told) {
      onWait?.(holder.pid);
      told = true;
    }
    if (Date.now() >= deadline) throw new Error(`${file}: ${whyHeld(holds ? holder : undefined, timeoutSeconds)}`);
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Whether a process that runs holds the lock, or is just taking it. */
export function isHeld(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false;
  const holder = read(file);
  return holder === undefined ? !isOld(file) : isRunning(holder);
}

function whyHeld(holder: ProcessIdentity | undefined, seconds: number): string {
  return holder === undefined
    ? `can't be taken over within ${seconds} s, got no process that holds it; remove it`
    : `process ${holder.pid} still holds it after ${seconds} s; end that process`;
}

/** @returns false if the file is there already */
function create(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/**
 * Removes a lock that nobody holds. Of several processes that find it, one at a time looks again and removes it.
 * @returns whether it is gone
 */
function removeStale(file: string): boolean {
  const helper = `${file}.stale`;
  if (!create(helper, '')) {
    if (isOld(helper)) rmSync(helper, { force: true });
    return false;
  }
  try {
    const holder = read(file);
    // An empty file may be a lock that is just being written.
    const stale = holder === undefined ? isOld(file) : !isRunning(holder);
    if (stale) rmSync(file, { force: true });
    return stale;
  } finally {
    rmSync(helper, { force: true });
  }
}

/** A file of a time to come is as good as an old one: somebody has put the clock back. */
function isOld(file: string): boolean {
  const { mtimeMs = Date.now() } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return Math.abs(Date.now() - mtimeMs) > TAKE_OVER_MS;
}
