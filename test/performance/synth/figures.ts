import { writeFileSync } from 'node:fs';

/** What one synthesis took. */
export interface SynthFigures {
  /** From the start of the process to its end. */
  readonly wallSeconds: number;
  /** Of all its threads, in user mode and in the kernel. */
  readonly cpuSeconds: number;
  /** The most memory that the process had, resident. */
  readonly memoryMb: number;
}

/** Names the file for {@link writeFiguresAtExit}. */
export const FIGURES_FILE = 'SYNTH_BENCH_FIGURES';

let uncountedWallSeconds = 0;
let uncountedCpuSeconds = 0;

/** Does what doesn't count. */
export function uncounted<T>(work: () => T): T {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  uncountedWallSeconds += (performance.now() - begun) / 1000;
  uncountedCpuSeconds += (user + system) / 1e6;
  return result;
}

/** Of this process. */
export function writeFiguresAtExit(): void {
  process.once('exit', () => {
    const file = process.env[FIGURES_FILE];
    if (!file) return;
    const { user, system } = process.cpuUsage();
    const figures: SynthFigures = {
      wallSeconds: performance.now() / 1000 - uncountedWallSeconds,
      cpuSeconds: (user + system) / 1e6 - uncountedCpuSeconds,
      memoryMb: process.resourceUsage().maxRSS / 1024,
    };
    writeFileSync(file, JSON.stringify(figures));
  });
}
