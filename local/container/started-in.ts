import { readdirSync, readFileSync } from 'node:fs';
import { identify, type ProcessIdentity } from './process-identity';

/** Processes that run with that value in their environment, as they were started. None where there is no /proc. */
export function startedIn(name: string, value: string): ProcessIdentity[] {
  return listed('/proc')
    .filter((entry) => /^\d+$/.test(entry) && environment(entry).includes(`${name}=${value}`))
    .flatMap((entry) => identify(Number(entry)) ?? []);
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty for a process that has ended meanwhile, and for those of others. */
function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
