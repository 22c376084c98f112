import { readFileSync } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';

/** What a group of processes uses at a moment. */
export interface ProcessUsage {
  /** Since their start, of all cores, in seconds. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Of every Linux that Node runs on: the unit of times in /proc. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/**
 * What the process groups of model servers use, by the id of the group.
 * @returns nothing where there is no /proc
 */
export async function usageOf(groups: ReadonlySet<number>): Promise<ReadonlyMap<number, ProcessUsage>> {
  const usage = new Map<number, ProcessUsage>();
  const ids = await readdir('/proc').catch(() => []);
  await Promise.all(
    ids
      .filter((id) => /^\d+$/.test(id))
      .map(async (id) => {
        const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined);
        // Field 2, the command, may itself hold spaces and brackets; the first one here is field 3.
        const fields = stat
          ?.replace(/^.*\) /s, '')
          .split(' ')
          .map(Number);
        const [group, user, system, pages] = [2, 11, 12, 21].map((index) => fields?.[index] ?? 0);
        if (!fields || !group || !groups.has(group)) return;
        const before = usage.get(group) ?? { cpuSeconds: 0, residentBytes: 0 };
        usage.set(group, {
          cpuSeconds: before.cpuSeconds + ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND,
          residentBytes: before.residentBytes + (pages ?? 0) * PAGE_BYTES,
        });
      }),
  );
  return usage;
}

/** Of the machine, in bytes; undefined where there is no /proc. */
export function totalMemory(): number | undefined {
  try {
    const [, kilobytes] = /^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}

/** Of the disk that holds a folder, in percent. */
export async function diskUsedPercent(directory: string): Promise<number | undefined> {
  const disk = await statfs(directory).catch(() => undefined);
  return disk && disk.blocks > 0 ? (100 * (disk.blocks - disk.bfree)) / disk.blocks : undefined;
}
