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
    if (holder === undefined || !isRunning(holder)) {
      removeStale(file);
      continue;
    }
    if (!told) onWait?.(holder.pid);
    told = true;
    if (Date.now() >= deadline) {
      throw new Error(`${file}: process ${holder.pid} still holds it after ${timeoutSeconds} s; end that process`);
    }
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
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

/** Removes a lock that nobody holds. Of several processes that find it, one at a time looks again and removes it. */
function removeStale(file: string): void {
  const helper = `${file}.stale`;
  if (!create(helper, '')) {
    if (ageMs(helper) > TAKE_OVER_MS) rmSync(helper, { force: true });
    return;
  }
  try {
    const holder = read(file);
    // An empty file may be a lock that is just being written.
    if (holder === undefined ? ageMs(file) > TAKE_OVER_MS : !isRunning(holder)) rmSync(file, { force: true });
  } finally {
    rmSync(helper, { force: true });
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
