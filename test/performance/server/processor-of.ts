import { type ProcessStat, processStats } from '../measure/process-stat';

/**
 * Seconds of a processor that a process and all that it started have used so far.
 * @returns undefined where the machine has no /proc, or the process is gone
 */
export function processorOf(pid: number): number | undefined {
  const all = new Map(processStats().map((one) => [one.pid, one]));
  if (!all.has(pid)) return undefined;
  const descends = (one: ProcessStat | undefined): boolean =>
    one !== undefined && (one.pid === pid || descends(all.get(one.parent)));
  return [...all.values()].filter(descends).reduce((sum, { own }) => sum + own, 0);
}
