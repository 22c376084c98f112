import { startOf } from './process-start.cjs';

/** A process beyond doubt: ids are used again after a process has ended, start times with them are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the system's own notation. */
  readonly started: string;
}

/** @returns undefined if no such process runs */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isRunning({ pid, started }: ProcessIdentity): boolean {
  return startOf(pid) === started;
}
