import { readFileSync, rmSync } from 'node:fs';
import { ForkServer, type ForkServerProps, type Refusal } from './fork-server';
import { pythonCommand } from './python-command';
import type { Spawned, SpawnProps } from './spawner';

export interface ForkServersProps {
  readonly log: (message: string) => void;
  /** The most that are kept: with the usual packages loaded, each takes a few hundred megabytes. @default 3 */
  readonly most?: number;
  /** How long one is kept without a job, in milliseconds. @default 30000 */
  readonly idleMs?: number;
  /** Of this machine. @default process.platform */
  readonly platform?: NodeJS.Platform;
}

export interface ForkedProps extends SpawnProps {
  /** Of the image. */
  readonly interpreter: string;
}

type How = Omit<ForkServerProps, 'modules'>;

interface Entry {
  readonly server: ForkServer;
  readonly key: string;
  idle?: NodeJS.Timeout;
}

/** As fork_server/watched.py has them. */
const OF_EACH_JOB = ['SAGEMAKER_BASE_DIR', 'TRAINING_JOB_NAME', 'TRAINING_JOB_ARN'];
/** Whatever else tells Python how to start may need more than an environment. */
const KNOWN_TO_PYTHON = new Set([
  'PYTHONPATH',
  'PYTHONUNBUFFERED',
  'PYTHONDONTWRITEBYTECODE',
  'PYTHONHASHSEED',
  'PYTHONIOENCODING',
  'PYTHONUTF8',
  'PYTHONWARNINGS',
]);
/** Of how many scripts it is remembered what they import. */
const MOST_SCRIPTS = 1000;

/**
 * Starts the Python processes of jobs as forks of a Python that has loaded what the same script imported in the first
 * run of it that ended well. Whatever is unusual about a job leaves it to a process of its own.
 */
export class ForkServers {
  private readonly entries = new Set<Entry>();
  private readonly imports = new Map<string, readonly string[]>();
  private readonly unfit = new Set<string>();
  private closed = false;

  constructor(private readonly props: ForkServersProps) {}

  /** @returns undefined if the job has to be started as a process of its own; never rejects */
  async start(props: ForkedProps): Promise<Spawned | undefined> {
    const { platform = process.platform } = this.props;
    // Elsewhere a fork of a process that has loaded system libraries isn't safe.
    if (platform !== 'linux' || this.closed) return undefined;
    const { cwd, interpreter, identityFile } = props;
    const given = Object.entries(props.environment).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const python = pythonCommand({ ...props, path: props.environment.PATH ?? '', cwd, interpreter });
    if (!python || !isUsual(given)) return undefined;
    const own = given.filter(([name]) => OF_EACH_JOB.includes(name));
    const shared = given.filter(([name]) => !OF_EACH_JOB.includes(name));
    const base = own.find(([name]) => name === 'SAGEMAKER_BASE_DIR')?.[1];
    // A server of its own for each job would gain nothing.
    if (base !== undefined && shared.some(([, value]) => value.includes(base))) return undefined;
    const key = JSON.stringify([python.python, interpreter, cwd, shared]);
    const script = JSON.stringify([key, python.script]);
    if (this.unfit.has(key)) return undefined;
    const known = this.imports.get(script);
    const modules = known ?? [];
    const how = { python: python.python, cwd, environment: Object.fromEntries(shared) };
    const server = this.serverIfPossible(key, modules, how);
    if (!server) return undefined;
    const importsFile = known ? '' : `${identityFile}.imports`;
    const outcome = await server.fork({
      ...python,
      cwd,
      log: props.log,
      identityFile,
      importsFile,
      environment: Object.fromEntries(own),
    });
    if ('identity' in outcome) {
      if (known) return outcome;
      const exited = outcome.exited.then((exit) => {
        this.learn(script, importsFile);
        return exit;
      });
      return { ...outcome, exited };
    }
    this.giveUp(outcome, { key, script, modules });
    return undefined;
  }

  /** Ends all, with what they run. */
  close(): void {
    this.closed = true;
    for (const { server, idle } of this.entries) {
      clearTimeout(idle);
      server.close();
    }
  }

  private serverIfPossible(key: string, modules: readonly string[], how: How): ForkServer | undefined {
    try {
      return this.serverFor(key, modules, how).server;
    } catch (error) {
      // For want of space or of descriptors, say.
      this.props.log(`a job gets a process of its own, and no fork: ${(error as Error).message}`);
      return undefined;
    }
  }

  private serverFor(key: string, modules: readonly string[], how: How): Entry {
    const same = (one: Entry) => one.key === key && one.server.isFit && one.server.modules.join() === modules.join();
    const found = [...this.entries].find(same);
    if (found) {
      // The one that was used last is the last to be ended.
      this.entries.delete(found);
      this.entries.add(found);
      return found;
    }
    const entry: Entry = { key, server: new ForkServer({ ...how, modules }, () => this.rest(entry)) };
    this.entries.add(entry);
    const { most = 3 } = this.props;
    for (const oldest of [...this.entries].slice(0, Math.max(0, this.entries.size - most)))
      oldest.server.retire({ reason: 'others were needed' });
    return entry;
  }

  private rest(entry: Entry): void {
    const { idleMs = 30_000 } = this.props;
    clearTimeout(entry.idle);
    if (!entry.server.isFit && entry.server.isIdle) this.entries.delete(entry);
    else entry.idle = setTimeout(() => entry.server.isIdle && entry.server.close(), idleMs).unref();
  }

  private learn(script: string, importsFile: string): void {
    const used = read(importsFile);
    rmSync(importsFile, { force: true });
    // A later run has what it began with, whether it uses it or not.
    if (!used || this.imports.has(script)) return;
    if (this.imports.size >= MOST_SCRIPTS) this.imports.clear();
    this.imports.set(script, used);
  }

  private giveUp(
    { reason, fitModules }: Refusal,
    { key, script, modules }: { readonly key: string; readonly script: string; readonly modules: readonly string[] },
  ): void {
    if (this.closed) return;
    this.props.log(`a job gets a process of its own, and no fork: ${reason}`);
    if (fitModules === undefined) return;
    if (modules.length === 0) this.unfit.add(key);
    else this.imports.set(script, modules.slice(0, fitModules));
  }
}

function isUsual(environment: readonly (readonly [string, string])[]): boolean {
  return environment.every(
    ([name, value]) => (!name.startsWith('PYTHON') || KNOWN_TO_PYTHON.has(name)) && !`${name}${value}`.includes('\0'),
  );
}

function read(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return undefined;
  }
}
