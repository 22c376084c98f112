import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Exit } from './container';
import { endGroup } from './end-group';
import { identify, type ProcessIdentity } from './process-identity';

export interface SpawnProps {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** File that takes standard output and error, at its end. */
  readonly log: string;
  /** File that takes the {@link ProcessIdentity} of the process as soon as it runs. */
  readonly identityFile: string;
}

export interface Spawned {
  /** Leads a process group of its own. */
  readonly identity: ProcessIdentity;
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<Exit>;
}

interface Waiting {
  readonly props: SpawnProps;
  readonly started: (spawned: Spawned) => void;
  readonly failed: (error: Error) => void;
  /** Whether it was asked of an earlier program, in vain. */
  readonly again: boolean;
  running?: { readonly pid: number; readonly ended: (exit: Exit) => void };
}

type Message = { readonly id: number } & (
  | { readonly pid: number }
  | { readonly exit: Exit }
  | { readonly error: { readonly message: string; readonly code?: string } }
);

/** What is told of a process whose end nobody would see: it is brought about. */
export const UNSEEN: Exit = { code: null, signal: 'SIGKILL' };

/**
 * Starts processes by a small program beside this one. To start a process, the system first copies the tables of the
 * memory of whoever starts it, which for a server of some hundred megabytes takes many times as long as the start
 * itself. The program is started when it is needed, and ends when there was nothing to do for a while, or with this one.
 */
class Spawner {
  private server: ChildProcess | undefined;
  private sequence = 0;
  private readonly waiting = new Map<number, Waiting>();

  /** @throws Error of the system if there is no such command */
  start(props: SpawnProps): Promise<Spawned> {
    return new Promise((started, failed) => {
      this.ask({ props, started, failed, again: false });
    });
  }

  private ask(waiting: Waiting): void {
    const id = this.sequence;
    this.sequence += 1;
    this.waiting.set(id, waiting);
    const server = this.running();
    this.hold(server);
    // What can't be sent is asked again when the program is seen to have ended. One that couldn't be started for want of
    // descriptors has nothing to send by.
    if (server.connected) server.send({ id, parent: process.pid, ...waiting.props }, () => {});
  }

  private running(): ChildProcess {
    if (this.server?.connected) return this.server;
    const server = spawn(process.execPath, [join(__dirname, 'spawn-server.cjs')], {
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.server = server;
    server.on('message', (message: Message) => this.hear(server, message));
    const gone = () => this.lose(server);
    server.once('disconnect', gone);
    server.once('error', gone);
    return server;
  }

  private hear(server: ChildProcess, message: Message): void {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    if ('pid' in message) {
      const exited = new Promise<Exit>((resolve) => {
        waiting.running = { pid: message.pid, ended: resolve };
      });
      waiting.started({ identity: identify(message.pid) ?? { pid: message.pid, started: 'ended' }, exited });
      return;
    }
    this.waiting.delete(message.id);
    if ('exit' in message) waiting.running?.ended(message.exit);
    else waiting.failed(Object.assign(new Error(message.error.message), { code: message.error.code }));
    this.hold(server);
  }

  /** This program is kept running by processes that haven't ended, as by children of its own, and by nothing else. */
  private hold(server: ChildProcess): void {
    if (this.waiting.size > 0) {
      server.ref();
      server.channel?.ref();
    } else {
      server.unref();
      server.channel?.unref();
    }
  }

  private lose(server: ChildProcess): void {
    if (this.server !== server) return;
    this.server = undefined;
    server.unref();
    const left = [...this.waiting.values()];
    this.waiting.clear();
    for (const waiting of left) {
      if (waiting.running) {
        endGroup(waiting.running.pid);
        waiting.running.ended(UNSEEN);
      } else if (waiting.again) {
        waiting.failed(new Error(`${waiting.props.command}: not started, the program that starts others has ended`));
        // It had ended for want of work before it heard of this.
      } else this.ask({ ...waiting, again: true });
    }
  }
}

export const spawner = new Spawner();
