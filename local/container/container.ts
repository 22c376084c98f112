import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidInputError } from '../../core/invalid-input-error';
import { endGroup } from './end-group';
import type { ForkServers } from './fork-servers';
import { identityFile, readIdentity, STARTING } from './identity-file';
import type { Image } from './image';
import { identify, isRunning, type ProcessIdentity } from './process-identity';
import { spawner } from './spawner';
import { startedIn } from './started-in';
import { stopProcess } from './stop-process';

export interface ContainerProps {
  readonly image: Image;
  /** Entry point and arguments. `/opt/ml` and `/opt/program` in them are rewritten to where they lie here. */
  readonly command: readonly string[];
  /** Folder that stands for the container: it holds `opt/ml`, the log and the process's identity. */
  readonly directory: string;
  /** Has to hold the machine's PATH, which stands for the operating system in the image. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts it where it can. @default - every process is started anew */
  readonly forkServers?: ForkServers;
}

export interface Exit {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The start takes milliseconds; on a machine that is busy, more of them. */
const STARTING_MS = 3000;

/**
 * A process that is run as its container would be: the image's environment, `/opt/ml` below a folder of its own, a
 * process group of its own, output to a file. Its identity is on disk while it runs, so that a successor of this
 * program can end it.
 */
export class Container {
  private constructor(
    readonly identity: ProcessIdentity,
    /** Settles when the process has ended; never rejects. */
    readonly exited: Promise<Exit>,
    private readonly props: ContainerProps,
  ) {}

  /** Where `/opt/ml` lies for a container of that folder. */
  static optMl(directory: string): string {
    return join(directory, 'opt', 'ml');
  }

  /** The file that takes the standard output and error of a container of that folder. */
  static log(directory: string): string {
    return join(directory, 'output.log');
  }

  /** @throws InvalidInputError if the command isn't there */
  static async start(props: ContainerProps): Promise<Container> {
    const { image, directory } = props;
    const optMl = Container.optMl(directory);
    mkdirSync(optMl, { recursive: true });
    const rewrite = (text: string) => text.replaceAll('/opt/ml', optMl).replaceAll('/opt/program', image.program);
    const [command, ...args] = props.command.map(rewrite);
    if (command === undefined)
      throw new InvalidInputError(directory, 'the container has no command, got an empty list', 'give an entry point');
    const bin = dirname(image.interpreter);
    const environment: NodeJS.ProcessEnv = {
      LANG: 'C.UTF-8',
      PYTHONUNBUFFERED: '1',
      ...image.environment,
      SAGEMAKER_BASE_DIR: optMl,
      ...Object.fromEntries(Object.entries(props.environment).map(([key, value]) => [key, rewrite(value)])),
      PATH: [join(image.program, 'bin'), bin, props.environment.PATH].filter(Boolean).join(delimiter),
      VIRTUAL_ENV: dirname(bin),
    };
    // Whoever succeeds this program waits for the identity, instead of missing a process that is about to start. With
    // half of it written, nothing has been asked to start yet.
    writeFileSync(identityFile(directory), JSON.stringify(STARTING));
    const spawn = {
      command,
      args,
      cwd: image.program,
      environment,
      log: Container.log(directory),
      identityFile: identityFile(directory),
    };
    const forked = await props.forkServers?.start({ ...spawn, interpreter: image.interpreter });
    const { identity, exited: ended } =
      forked ??
      (await spawner.start(spawn).catch((cause: Error) => {
        rmSync(identityFile(directory), { force: true });
        throw new InvalidInputError(
          directory,
          `can't start ${command}, got ${cause.message}`,
          'check the entry point and the image',
          { cause },
        );
      }));
    const exited = ended.then((exit) => {
      // A container ends with its first process, whatever else runs in it.
      endGroup(identity.pid);
      forget(directory);
      return exit;
    });
    return new Container(identity, exited, props);
  }

  /** Ends what an earlier program left running in that folder. */
  static async stopOrphan(directory: string, graceMs: number): Promise<void> {
    const deadline = Date.now() + STARTING_MS;
    let identity = readIdentity(directory);
    while (identity && !('pid' in identity) && Date.now() < deadline) {
      await delay(20);
      identity = readIdentity(directory);
    }
    if (!identity) return;
    if ('pid' in identity) {
      if (isRunning(identity)) await stopProcess(identity, graceMs);
      // Its first process has ended by itself and may have left others: while they run, nobody else gets its id.
      else if (identify(identity.pid) === undefined && isOfThisBoot(directory)) endGroup(identity.pid);
    } else {
      // Whatever started it was killed before it could write down which process it is.
      const all = startedIn('SAGEMAKER_BASE_DIR', Container.optMl(directory));
      await Promise.all(all.map((one) => stopProcess(one, graceMs)));
    }
    rmSync(identityFile(directory), { force: true });
  }

  /** SIGTERM to the process group, SIGKILL after `graceMs`. SageMaker waits 120 s for jobs and 30 s for model servers. */
  async stop(graceMs: number): Promise<Exit> {
    await stopProcess(this.identity, graceMs);
    return this.exited;
  }

  get log(): string {
    return Container.log(this.props.directory);
  }
}

/** What can't be removed is no reason not to tell that the process has ended. */
function forget(directory: string): void {
  try {
    rmSync(identityFile(directory), { force: true });
  } catch {
    // A successor finds the identity of a process that doesn't run.
  }
}

/** Ids of processes begin anew when the machine does. */
function isOfThisBoot(directory: string): boolean {
  const written = statSync(identityFile(directory), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return written > Date.now() - uptime() * 1000;
}
