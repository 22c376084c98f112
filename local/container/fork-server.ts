import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exit } from './container';
import { endGroup } from './end-group';
import { FrameReader, frame } from './frames';
import type { ProcessIdentity } from './process-identity';
import { type Spawned, UNSEEN } from './spawner';

export interface ForkServerProps {
  /** As the jobs' command has it, to be looked for in the PATH of `environment`. */
  readonly python: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Modules that are imported once, in this order. */
  readonly modules: readonly string[];
}

export interface ForkProps {
  readonly cwd: string;
  readonly log: string;
  readonly identityFile: string;
  /** Takes the names of the modules of the environment that the job has come to use, if it ends well; '' for none. */
  readonly importsFile: string;
  readonly python: string;
  readonly script: string;
  readonly args: readonly string[];
  /** What this job alone has. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Why a job has to be run by a process of its own. */
export interface Refusal {
  readonly reason: string;
  /** How many of the modules can be imported before the one that can't; all the others aren't told. */
  readonly fitModules?: number;
}

interface Waiting {
  readonly props: ForkProps;
  readonly settle: (outcome: Spawned | Refusal) => void;
}

interface Running {
  readonly pid: number;
  readonly ended: (exit: Exit) => void;
}

const OUTPUT_CHARACTERS = 1000;

/**
 * A Python that has loaded packages once and is copied, as the system's fork does it, for each job. It ends with this
 * program, and the jobs end with it.
 */
export class ForkServer {
  private readonly child: ChildProcess;
  private readonly connection: Socket;
  private readonly output: number;
  private readonly waiting = new Map<string, Waiting>();
  private readonly running = new Map<string, Running>();
  private sequence = 0;
  private refusal: Refusal | undefined;
  private isOver = false;

  /** @param onIdle called whenever nothing is under way any more */
  constructor(
    private readonly props: ForkServerProps,
    private readonly onIdle: () => void,
  ) {
    // What it prints would be missing from the logs of the jobs: it is a reason not to use it.
    const folder = mkdtempSync(join(tmpdir(), 'fork-server-'));
    this.output = openSync(join(folder, 'output'), 'a+');
    rmSync(folder, { recursive: true });
    this.child = spawn(props.python, [join(__dirname, 'fork_server', 'main.py')], {
      cwd: props.cwd,
      env: props.environment,
      detached: true,
      stdio: ['ignore', this.output, this.output, 'pipe'],
    });
    this.connection = this.child.stdio[3] as unknown as Socket;
    const reader = new FrameReader();
    this.connection.on('data', (piece: Buffer) => {
      for (const message of reader.read(piece)) this.hear(message);
    });
    const over = () => this.lose();
    this.connection.on('error', over);
    this.connection.once('close', over);
    this.child.once('error', over);
    this.child.once('exit', over);
    if (props.modules.length > 0) this.send(['load', ...props.modules]);
  }

  get modules(): readonly string[] {
    return this.props.modules;
  }

  /** Whether it takes further jobs. */
  get isFit(): boolean {
    return !this.isOver && this.refusal === undefined;
  }

  get isIdle(): boolean {
    return this.waiting.size === 0 && this.running.size === 0;
  }

  /** Starts a process, or says why it can't; never rejects. */
  fork(props: ForkProps): Promise<Spawned | Refusal> {
    return new Promise((settle) => {
      if (!this.isFit) return settle(this.refusal ?? { reason: 'the fork server has ended' });
      const id = String(this.sequence);
      this.sequence += 1;
      this.waiting.set(id, { props, settle });
      this.hold();
      const { cwd, log, identityFile, importsFile, python, script, args, environment } = props;
      const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      const fixed = [id, cwd, log, identityFile, importsFile, python, script, String(variables.length)];
      this.send(['run', ...fixed, ...variables, ...args]);
    });
  }

  /** Takes no further jobs, and ends once the last has. */
  retire(refusal: Refusal): void {
    this.refusal ??= refusal;
    if (this.isIdle) this.close();
  }

  /** Ends at once, with its jobs if it has any. */
  close(): void {
    this.connection.destroy();
    // It may be in the middle of an import.
    this.child.kill('SIGKILL');
    this.lose();
  }

  private send(fields: readonly string[]): void {
    this.connection.write(frame(fields));
  }

  private hear([kind, ...fields]: readonly string[]): void {
    if (kind === 'unfit') this.refusal = { fitModules: Number(fields[0]), reason: fields[1] ?? '' };
    if (kind === 'started') this.begun(fields);
    if (kind === 'refused') {
      const [id = '', and, reason = ''] = fields;
      const { settle } = this.take(id) ?? {};
      // With nothing loaded, it may be fit all the same.
      settle?.({ reason, ...(and === 'keep' && this.modules.length > 0 && { fitModules: 0 }) });
      if (and === 'retire') this.refusal ??= { reason };
    }
    if (kind === 'exit') {
      const [id = '', code, number] = fields;
      const running = this.running.get(id);
      this.running.delete(id);
      running?.ended({ code: code === '' ? null : Number(code), signal: signalName(Number(number)) });
    }
    this.hold();
  }

  private begun([id = '', pid = '', started = '']: readonly string[]): void {
    const { settle } = this.take(id) ?? {};
    const identity: ProcessIdentity = { pid: Number(pid), started };
    const exited = new Promise<Exit>((ended) => this.running.set(id, { pid: identity.pid, ended }));
    settle?.({ identity, exited });
  }

  private take(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  /** This program is kept running by jobs that haven't ended, as by children of its own, and by nothing else. */
  private hold(): void {
    if (this.isIdle) {
      this.child.unref();
      this.connection.unref();
      if (this.refusal && !this.isOver) this.close();
      this.onIdle();
    } else {
      this.child.ref();
      this.connection.ref();
    }
  }

  private lose(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.connection.destroy();
    this.child.unref();
    this.refusal ??= { fitModules: 0, reason: this.said() || 'the fork server has ended' };
    closeSync(this.output);
    for (const { pid, ended } of this.running.values()) {
      endGroup(pid);
      ended(UNSEEN);
    }
    for (const { props, settle } of this.waiting.values()) settle(lost(props.identityFile) ?? this.refusal);
    this.running.clear();
    this.waiting.clear();
    this.onIdle();
  }

  private said(): string {
    const buffer = Buffer.alloc(Math.min(OUTPUT_CHARACTERS, fstatSync(this.output).size));
    return buffer.toString('utf8', 0, readSync(this.output, buffer, 0, buffer.length, 0)).trim();
  }
}

/** A job of which it isn't known that it has begun: on disk it is, before anything of it happens. */
function lost(identityFile: string): Spawned | undefined {
  try {
    const identity = JSON.parse(readFileSync(identityFile, 'utf8')) as Partial<ProcessIdentity>;
    if (identity.pid === undefined || identity.started === undefined) return undefined;
    endGroup(identity.pid);
    return { identity: { pid: identity.pid, started: identity.started }, exited: Promise.resolve(UNSEEN) };
  } catch {
    return undefined;
  }
}

function signalName(number: number): NodeJS.Signals | null {
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return (name as NodeJS.Signals | undefined) ?? null;
}
