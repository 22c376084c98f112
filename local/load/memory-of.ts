import { readdir, readFile } from 'node:fs/promises';

/**
 * Memory of a process and all that it started, in GiB: its resident set, shared pages counted for each of them.
 * @returns undefined where the machine has no /proc
 */
export async function memoryOf(pid: number): Promise<number | undefined> {
  const entries = await readdir('/proc').catch(() => undefined);
  if (!entries) return undefined;
  const processes = await Promise.all(entries.filter((entry) => /^\d+$/.test(entry)).map(read));
  const known = new Map(processes.filter((one) => one !== undefined).map((one) => [one.pid, one]));
  const descends = (one: { readonly parent: number } | undefined): boolean =>
    one !== undefined && (one.parent === pid || descends(known.get(one.parent)));
  const ours = [...known.values()].filter((one) => one.pid === pid || descends(one));
  return ours.reduce((total, { kib }) => total + kib, 0) / 2 ** 20;
}

async function read(entry: string) {
  const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
  const parent = number('PPid');
  // Threads of the kernel have no memory of their own.
  return Number.isNaN(parent) ? undefined : { pid: Number(entry), parent, kib: number('VmRSS') || 0 };
}
