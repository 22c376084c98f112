import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity';

/**
 * Ends a process and its group: SIGTERM, then SIGKILL once `graceMs` have passed.
 * @param identity leader of a process group, as `spawn` makes it with `detached`
 */
export async function stopProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!isRunning(identity)) return;
  killGroup(identity, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isRunning(identity) && Date.now() < deadline) await delay(50);
  // Also once the leader is gone: it may have left others behind that ignore SIGTERM.
  killGroup(identity, 'SIGKILL');
  while (isRunning(identity)) await delay(20);
}

function killGroup(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (kill(-identity.pid, name)) return;
  // A fork is there a moment before it has a group of its own.
  if (isRunning(identity)) kill(identity.pid, name);
}

/** @returns whether there is such a process or group */
function kill(id: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(id, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
