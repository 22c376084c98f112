import { readdirSync, readFileSync } from 'node:fs';

/** Seconds of a processor, of a process or of those that it has waited for. */
export interface ProcessorTime {
  readonly own: number;
  readonly ended: number;
}

/** The kernel's unit in /proc, whatever the machine. */
const TICKS_PER_SECOND = 100;

/** @returns zeros for one that has ended */
export function processorTime(pid: number): ProcessorTime {
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields(pid).slice(11, 15).map(Number);
  return { own: (user + system) / TICKS_PER_SECOND, ended: (endedUser + endedSystem) / TICKS_PER_SECOND };
}

/** Ids of the children of this process whose command has that word, ascending. */
export function childrenWith(word: string): readonly number[] {
  const ids = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return ids.filter((id) => read(`/proc/${id}/cmdline`).includes(word)).sort((a, b) => a - b);
}

/** From the third on: before it is the command, which may hold blanks and brackets. */
function fields(pid: number): readonly string[] {
  return read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
