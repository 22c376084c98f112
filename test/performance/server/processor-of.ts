import { readdirSync, readFileSync } from 'node:fs';

/** Of a second: what /proc counts by, whatever the kernel's own clock. */
const TICKS = 100;
/** Places behind the command's name, which may hold anything and ends with the last bracket. */
const [PARENT, USER, SYSTEM] = [1, 11, 12] as const;

/**
 * Seconds of a processor that a process and all that it started have used so far.
 * @returns undefined where the machine has no /proc, or the process is gone
 */
export function processorOf(pid: number): number | undefined {
  const all = new Map(processes().map((one) => [one.pid, one]));
  if (!all.has(pid)) return undefined;
  const descends = (one: Used | undefined): boolean =>
    one !== undefined && (one.pid === pid || descends(all.get(one.parent)));
  return [...all.values()].filter(descends).reduce((sum, { seconds }) => sum + seconds, 0);
}

interface Used {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

function processes(): Used[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap(usedBy);
  } catch {
    return [];
  }
}

function usedBy(entry: string): Used[] {
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0] = [fields[PARENT], fields[USER], fields[SYSTEM]];
    return [{ pid: Number(entry), parent, seconds: (user + system) / TICKS }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
