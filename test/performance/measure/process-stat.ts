import { readdirSync, readFileSync } from 'node:fs';

/** What /proc says of a process. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Seconds of a processor that it has used itself. */
  readonly own: number;
  /** Those of its children that have ended and that it has waited for, and of theirs. */
  readonly ended: number;
}

/** Of a second: what /proc counts by, whatever the kernel's own clock. */
const TICKS = 100;

/** @returns undefined where the machine has no /proc, or the process is gone */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name before may hold anything, and ends with the last bracket.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { pid, parent: fields[1] ?? 0, own: (user + system) / TICKS, ended: (endedUser + endedSystem) / TICKS };
  } catch {
    return undefined;
  }
}

/** Of all processes that there are; none where the machine has no /proc. */
export function processStats(): readonly ProcessStat[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((entry) => processStat(Number(entry)) ?? []);
  } catch {
    return [];
  }
}
