import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the processes of this machine were started with, and on Linux also the programs and libraries that they have
 * loaded: one text each. Of processes of other users that is what they let be seen.
 * @throws Error where the system doesn't tell
 */
export function runningProcesses(): readonly string[] {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-axEww', '-o', 'command='], { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n');
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => ['cmdline', 'environ', 'maps'].map((file) => textOf(join('/proc', pid, file))).join('\n'));
}

/** Empty for a process that has ended meanwhile. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
