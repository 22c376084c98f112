import { readFileSync } from 'node:fs';
import { processStats } from '../../measure/process-stat';

/** Ids of the children of this process whose command has that word, ascending. */
export function childrenWith(word: string): readonly number[] {
  return processStats()
    .filter(({ pid, parent }) => parent === process.pid && commandOf(pid).includes(word))
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
