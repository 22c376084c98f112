import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { PAGE } from './page';

/** Where and when a bench ran. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Of the minute before. */
  readonly load: number;
}

/** How busy it is. */
export function thisLoad(): Pick<Machine, 'load' | 'cores'> {
  return { load: loadavg()[0] ?? 0, cores: cpus().length };
}

export function thisMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: commit(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    ...thisLoad(),
  };
}

/** Where what was measured differs from it, "-dirty" says so. The page of figures may: the parts before have written it. */
function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', ':/', `:(top,exclude)${PAGE}`);
    return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '-dirty');
  } catch {
    // A copy without its history.
    return 'unknown';
  }
}

/** Whether other work would be measured with ours. */
export function isBusy({ load, cores }: Pick<Machine, 'load' | 'cores'>): boolean {
  return load > cores / 2;
}

export function describeMachine({ date, commit, cpu, cores, memoryGb, system, node, load }: Machine): string {
  return (
    `${date} UTC, commit ${commit}; ${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}; ` +
    `load average at the start ${load.toFixed(2)}.`
  );
}
