import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from '../container/process-identity';
import { stopProcess } from '../container/stop-process';
import type { StateDirectory } from '../state-directory';
import { logTail } from './log-tail';
import { openLog } from './open-log';

export interface DaemonSpec {
  /** Names the log and the record on disk. */
  readonly name: string;
  /** What messages call it. */
  readonly title: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly port: number;
  /** Stands for the code and the arguments: a daemon with another one is out of date. */
  readonly fingerprint: string;
  /** @param pid of the process that was started: another one may answer on the port */
  readonly isReady: (pid: number) => Promise<boolean>;
  /** Longest wait until it is ready, in seconds. */
  readonly readySeconds: number;
}

/** What is on disk while a daemon runs. */
export interface DaemonRecord extends ProcessIdentity {
  readonly port: number;
  readonly fingerprint: string;
}

/** @returns undefined if none was started, or the one that was has ended */
export function runningDaemon(state: StateDirectory, name: string): DaemonRecord | undefined {
  const record = lastRecord(state, name);
  return record && isRunning(record) ? record : undefined;
}

/** The record of the last one, whether it runs or not. */
export function lastRecord(state: StateDirectory, name: string): DaemonRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(state, name), 'utf8')) as DaemonRecord;
  } catch {
    return undefined;
  }
}

/**
 * Starts a program that outlives this one, and waits until it is ready.
 * @throws Error with the end of its log if it ends before, or isn't ready in time
 */
export async function startDaemon(state: StateDirectory, spec: DaemonSpec): Promise<DaemonRecord> {
  mkdirSync(state.processes, { recursive: true });
  const file = logFile(state, spec.name);
  const log = openLog(file);
  const logStart = sizeOf(file);
  const [command, ...args] = spec.command;
  const child = spawn(command, args, {
    cwd: spec.cwd,
    env: spec.environment,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal ?? `exit code ${code}`;
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity) writeRecord(state, spec, identity);
  const deadline = Date.now() + spec.readySeconds * 1000;
  for (;;) {
    if (ended === undefined && identity && (await spec.isReady(identity.pid))) break;
    const why = ended ?? (Date.now() >= deadline ? `no answer within ${spec.readySeconds} s` : undefined);
    if (why !== undefined) {
      if (identity) await stopProcess(identity, 1000);
      throw new Error(
        `${spec.title}: did not start, got ${why}; look at the end of ${file}:\n${logTail(file, { from: logStart })}`,
      );
    }
    await delay(50);
  }
  child.unref();
  return { ...identity, port: spec.port, fingerprint: spec.fingerprint };
}

/** Does nothing if it doesn't run. Its record stays, for the port. */
export async function stopDaemon(state: StateDirectory, name: string, graceMs: number): Promise<void> {
  const record = runningDaemon(state, name);
  if (record) await stopProcess(record, graceMs);
}

export function logFile(state: StateDirectory, name: string): string {
  return join(state.logs, `${name}.log`);
}

function recordFile(state: StateDirectory, name: string): string {
  return join(state.processes, `${name}.json`);
}

function writeRecord(state: StateDirectory, { name, port, fingerprint }: DaemonSpec, identity: ProcessIdentity): void {
  const file = recordFile(state, name);
  const record: DaemonRecord = { ...identity, port, fingerprint };
  writeFileSync(`${file}.draft`, JSON.stringify(record));
  renameSync(`${file}.draft`, file);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
