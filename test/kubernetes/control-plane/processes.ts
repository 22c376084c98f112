import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from '../../../local/container/process-identity';
import { stopProcess } from '../../../local/container/stop-process';
import { lastLines } from '../../../local/daemon/log-tail';
import { waitUntil } from '../../../local/loop/wait-until';

/** A program that ends by itself on SIGTERM does so within it. */
const GRACE_MS = 10_000;

export interface StartProps {
  readonly command: string;
  readonly args: readonly string[];
  /** @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether it does its work yet. @default - as soon as it is started */
  readonly ready?: () => Promise<boolean>;
  /** Longest wait for that, in seconds. @default 150 */
  readonly timeoutSeconds?: number;
}

/** Before a command: the kernel ends it when we have ended, however that came about. It is of util-linux, as `unshare` is. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

/**
 * Processes of a test, each with a log in one folder. They end in the reverse order of their start, and with this process
 * at the latest: what a killed test leaves behind takes the cores from the next one.
 */
export class Processes {
  private readonly running: { readonly name: string; readonly identity: ProcessIdentity }[] = [];

  constructor(readonly folder: string) {}

  /** @throws Error with the end of its log if it ends, or isn't ready in time */
  async start(name: string, props: StartProps): Promise<void> {
    const { command, args, environment = {}, cwd, ready, timeoutSeconds = 150 } = props;
    const log = openSync(this.log(name), 'a');
    const [within, ...words] = ENDS_WITH_US;
    const child = spawn(within, [...words, command, ...args], {
      cwd: cwd ?? this.folder,
      detached: true,
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const ended = endOf(child);
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) this.running.push({ name, identity });
    if (!ready) return;
    await waitUntil(
      async () => {
        if (ended.how !== undefined) throw new Error(`${name}: ended with ${ended.how}\n${this.tail(name)}`);
        return (await ready().catch(() => false)) || undefined;
      },
      () => `${name}: not ready after ${timeoutSeconds} s\n${this.tail(name)}`,
      { timeoutSeconds, everyMs: 100 },
    );
  }

  isRunning(name: string): boolean {
    return this.running.some((it) => it.name === name && isRunning(it.identity));
  }

  log(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  tail(name: string): string {
    return lastLines(readFileSync(this.log(name), 'utf8'), 20);
  }

  /** Ends one process and waits until it has ended. */
  async stop(name: string): Promise<void> {
    const index = this.running.findIndex((it) => it.name === name);
    const [found] = index < 0 ? [] : this.running.splice(index, 1);
    if (found) await stopProcess(found.identity, GRACE_MS);
  }

  async stopAll(): Promise<void> {
    for (const { name } of this.running.toReversed()) await this.stop(name);
  }
}

function endOf(child: ChildProcess): { how?: string } {
  const end: { how?: string } = {};
  child.once('error', ({ message }) => {
    end.how = message;
  });
  child.once('exit', (code, signal) => {
    end.how = String(signal ?? code);
  });
  return end;
}
