import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Container } from '../../../../local/container/container';
import { endGroup } from '../../../../local/container/end-group';
import { ForkServers } from '../../../../local/container/fork-servers';
import { findPython } from '../../../../local/python/find-python';

export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly log: string;
}

/** Prints everything that could tell a fork from a process of its own. */
export const TELL = `
import gc, os, signal, sys
print(sorted(sys.modules), sys.argv, sys.orig_argv, sys.executable, sys.path, sys.flags)
print({k: v for k, v in globals().items() if k not in ("gc", "signal")}, gc.isenabled(), gc.get_threshold())
print(sorted(os.environ.items()), os.getcwd(), os.umask(0o22), sorted(os.listdir("/proc/self/fd")))
print(os.getpid() == os.getsid(0) == os.getpgrp(), os.path.samefile("/proc/self/fd/0", "/dev/null"))
print([(s, signal.getsignal(s)) for s in range(1, 65) if s not in (32, 33)], signal.pthread_sigmask(0, []))
print(sys.stdout, sys.stdout.line_buffering, sys.stdout.write_through, sys.excepthook, sys.meta_path, sys.getprofile())
print(len(os.listdir("/proc/self/task")), sys.getrecursionlimit(), sys.warnoptions, __builtins__, sys.stdin)
`;
/** Addresses differ from process to process. */
export const plain = (log: string) => log.replaceAll(/ at 0x[0-9a-f]+/g, '');

/** Makes a fixture for each test of a file, all of them on one environment, and removes it. @param take gets it first */
export function forkFixtures(take: (fixture: ForkFixture) => void): void {
  let venv: string;
  let fixture: ForkFixture;
  beforeAll(async () => {
    venv = await makeEnvironment();
  });
  afterAll(() => rmSync(venv, { recursive: true, force: true }));
  beforeEach(() => {
    fixture = new ForkFixture(venv);
    take(fixture);
  });
  afterEach(() => fixture.remove());
}

/** A Python environment without packages; takes a second. */
async function makeEnvironment(): Promise<string> {
  const python = await findPython(process.env);
  const venv = mkdtempSync(join(tmpdir(), 'fork-venv-'));
  execFileSync(python, ['-m', 'venv', '--without-pip', venv]);
  return venv;
}

/** An image with a Python environment of its own, whose scripts and packages a test writes. */
export class ForkFixture {
  readonly root = mkdtempSync(join(tmpdir(), 'fork-'));
  readonly messages: string[] = [];
  readonly program = join(this.root, 'program');
  environment: Readonly<Record<string, string>> = {};
  private readonly packages: string[] = [];
  private readonly all: ForkServers[] = [];
  private jobs = 0;

  /** @param venv of {@link makeEnvironment} */
  constructor(private readonly venv: string) {
    mkdirSync(this.program);
  }

  servers(more: Partial<ConstructorParameters<typeof ForkServers>[0]> = {}): ForkServers {
    const servers = new ForkServers({ log: (message) => this.messages.push(message), ...more });
    this.all.push(servers);
    return servers;
  }

  script(name: string, text: string): void {
    const file = join(this.program, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o755 });
  }

  /** A module of the environment. @param ending of its file. @default 'py' */
  pack(name: string, text: string, ending = 'py'): void {
    const [library = ''] = readdirSync(join(this.venv, 'lib'));
    const file = join(this.venv, 'lib', library, 'site-packages', `${name}.${ending}`);
    this.packages.push(file);
    writeFileSync(file, text);
  }

  /** What Python runs whenever it starts, found before a distribution's own. */
  customise(text: string): void {
    const folder = join(this.venv, 'first');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'sitecustomize.py');
    this.packages.push(file);
    writeFileSync(file, text);
    this.pack('first', `import sys; sys.path.insert(0, ${JSON.stringify(folder)})`, 'pth');
  }

  start(forkServers: ForkServers | undefined, command: readonly string[]): Promise<Container> {
    this.jobs += 1;
    const directory = join(this.root, 'jobs', `job-${this.jobs}`);
    return Container.start({ ...this.props(command), directory, forkServers });
  }

  props(command: readonly string[]) {
    return {
      image: {
        tag: '1',
        program: this.program,
        interpreter: join(this.venv, 'bin', 'python3'),
        environment: { PYTHONPATH: this.program, ...this.environment },
      },
      command,
      environment: { PATH: '/usr/bin:/bin' },
    };
  }

  /** What a job leaves, with the name of its folder made the same for all. */
  async run(forkServers: ForkServers | undefined, ...command: readonly string[]): Promise<Ran> {
    const container = await this.start(forkServers, command);
    const exit = await container.exited;
    // As whoever runs a job does.
    endGroup(container.identity.pid);
    return { ...exit, log: readFileSync(container.log, 'latin1').replaceAll(/job-\d+/g, 'job-N') };
  }

  /** Ids of the fork servers that run. */
  running(): readonly number[] {
    return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
      .filter((found) => Number(found?.[2]) === process.pid && found?.[3]?.includes('fork_server/main.py'))
      .map((found) => Number(found?.[1]));
  }

  /** @throws Error if none runs, or several: a signal to process 0 would end the tests themselves */
  onlyOneRunning(): number {
    const [found, ...others] = this.running();
    if (found === undefined || others.length > 0) throw new Error(`not one: ${this.running().join(', ')}`);
    return found;
  }

  remove(): void {
    for (const servers of this.all) servers.close();
    for (const file of this.packages) rmSync(file, { force: true });
    rmSync(this.root, { recursive: true, force: true });
  }
}
