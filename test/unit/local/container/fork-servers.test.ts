import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Container } from '../../../../local/container/container';
import { identify } from '../../../../local/container/process-identity';
import { eventually } from '../sagemaker/eventually';
import { type ForkFixture, forkFixtures, plain, TELL } from './fork-fixture';

let fixture: ForkFixture;
forkFixtures((fresh) => {
  fixture = fresh;
});

const A = ['python3', '/opt/program/a.py'];
const parentOf = (pid: number) => Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
/** Nothing of a process that has ended meanwhile. */
const commandOf = (pid: number) => spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;

describe('a job that is a fork', () => {
  test('finds nothing that differs from a process of its own, but its parent', async () => {
    fixture.script('a.py', TELL);
    const alone = await fixture.run(undefined, ...A, 'x', 'two words', '');
    const servers = fixture.servers();
    for (let round = 1; round <= 3; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the later ones are forks of what the first has learned
      const forked = await fixture.run(servers, ...A, 'x', 'two words', '');
      expect({ ...forked, log: plain(forked.log) }).toEqual({ ...alone, log: plain(alone.log) });
    }
    expect(fixture.running()).toHaveLength(1);
    expect(fixture.messages).toEqual([]);
  });

  test.each([
    ['with an exit code', 'import sys\nprint("a")\nsys.exit(7)'],
    ['with a text', 'raise SystemExit("why")'],
    [
      'by an exception, told with its traceback',
      'def f():\n  raise ValueError("\\u00e9")\ntry:\n  1 / 0\nexcept ArithmeticError:\n  f()',
    ],
    ['by a syntax that is none', 'print("a")\nthis is none'],
    ['with 10 MB of log', 'import sys\nfor n in range(10): sys.stdout.write("x" * 10**6 + "\\n")'],
    ['with a log that is no text', 'import sys\nsys.stdout.buffer.write(bytes(range(256)))\nprint("\\ud800")'],
    ['by SIGKILL', 'import os, signal\nprint("a", flush=True)\nos.kill(os.getpid(), signal.SIGKILL)'],
    [
      'with a thread and a process left behind',
      'import subprocess, threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nsubprocess.Popen(["sh", "-c", "sleep 60; echo late"])\nprint("end")',
    ],
    ['by os._exit', 'import os\nprint("a", flush=True)\nos._exit(5)'],
    ['by a signal', 'import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)'],
    ['by an interrupt', 'raise KeyboardInterrupt'],
    [
      'by the lack of memory',
      'import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28))\nbytearray(2**30)',
    ],
    [
      'after its last thread and what was left for the end',
      'import atexit, threading, time\natexit.register(print, "end")\nthreading.Thread(target=lambda: (time.sleep(0.1), print("thread"))).start()\nprint("main")',
    ],
    ['after its own hook for exceptions', 'import sys\nsys.excepthook = lambda *a: print("hook", a[0])\n1 / 0'],
  ])('ends %s as a process of its own does', async (_, script) => {
    fixture.script('a.py', script);
    const alone = await fixture.run(undefined, ...A);
    const servers = fixture.servers();
    expect(await fixture.run(servers, ...A)).toEqual(alone);
    expect(await fixture.run(servers, ...A)).toEqual(alone);
    expect(fixture.messages).toEqual([]);
  });

  test('is itself the module __main__: classes of it can be pickled, and other processes begin with it', async () => {
    fixture.script(
      'a.py',
      `import multiprocessing, pickle
class Thing:
    def __init__(self, value): self.value = value
def double(value): return value * 2
if __name__ == "__main__":
    print(pickle.loads(pickle.dumps(Thing(3))).value)
    for method in ("spawn", "fork", "forkserver"):
        with multiprocessing.get_context(method).Pool(1) as pool: print(pool.map(double, [1, 2]))`,
    );
    const alone = await fixture.run(undefined, ...A);
    expect(alone.log).toBe('3\n[2, 4]\n[2, 4]\n[2, 4]\n');
    expect(await fixture.run(fixture.servers(), ...A)).toEqual(alone);
  });

  test('can be a program with a first line that names Python', async () => {
    fixture.script('bin/train', `#!/usr/bin/env python3\n${TELL}`);
    const alone = await fixture.run(undefined, 'train', 'x');
    const forked = await fixture.run(fixture.servers(), 'train', 'x');
    expect(plain(forked.log)).toBe(plain(alone.log));
    expect(fixture.running()).toHaveLength(1);
  });

  test('draws random numbers of its own', async () => {
    fixture.pack('drawing', 'import random\nrandom.random()');
    fixture.script('a.py', 'import drawing, random\nprint(random.random())');
    const servers = fixture.servers();
    const logs = [];
    // oxlint-disable-next-line no-await-in-loop
    for (let round = 1; round <= 4; round += 1) logs.push((await fixture.run(servers, ...A)).log);
    expect(new Set(logs).size).toBe(4);
    expect(fixture.messages).toEqual([]);
  });

  test('keeps to a seed of hashes', async () => {
    fixture.environment = { PYTHONHASHSEED: '42' };
    fixture.script('a.py', 'print(hash("text"))');
    const alone = await fixture.run(undefined, ...A);
    expect(await fixture.run(fixture.servers(), ...A)).toEqual(alone);
  });

  test('has a log that it adds to, and is written down before it does anything', async () => {
    fixture.script(
      'a.py',
      'import json, os\nprint(json.load(open(os.environ["SAGEMAKER_BASE_DIR"] + "/../../process.json"))["pid"] == os.getpid())',
    );
    expect((await fixture.run(fixture.servers(), ...A)).log).toBe('True\n');
  });

  test('gets SIGTERM, then SIGKILL, and takes its own processes with it', async () => {
    fixture.script(
      'a.py',
      'import signal, subprocess, time\nsignal.signal(signal.SIGTERM, lambda *_: print("asked", flush=True))\nprint(subprocess.Popen(["sleep", "60"]).pid, flush=True)\nwhile True: time.sleep(1)',
    );
    const container = await fixture.start(fixture.servers(), A);
    const log = () => readFileSync(container.log, 'utf8');
    await eventually(() => log().includes('\n'));
    const patient = container.stop(60_000);
    await eventually(() => log().includes('asked'));
    expect(await container.stop(0)).toEqual({ code: null, signal: 'SIGKILL' });
    await patient;
    await eventually(() => identify(Number.parseInt(log(), 10)) === undefined);
  });
});

describe('a fork server', () => {
  test('has what the script imported in its first run that ended well, and nothing else', async () => {
    for (const name of ['one', 'two', 'three']) fixture.pack(name, 'import os\nPROCESS = os.getpid()');
    fixture.script('own.py', 'import os\nPROCESS = os.getpid()');
    fixture.script(
      'a.py',
      'import one, os, own, sys\nassert "bad" not in sys.argv\nfor name in sys.argv[1:]: __import__(name)\nprint([n for n in ("one", "two", "three", "own") if n in sys.modules and sys.modules[n].PROCESS != os.getpid()])',
    );
    const servers = fixture.servers();
    const shared = async (...args: string[]) => (await fixture.run(servers, ...A, ...args)).log.trim();
    await shared('bad');
    expect(await shared('two')).toBe('[]');
    expect(await shared('two', 'three')).toBe("['one', 'two']");
    expect(await shared()).toBe("['one', 'two']");
  });

  test.each([
    ['prints', 'print("loaded")', 'prints while it is imported'],
    [
      'starts a thread',
      'import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()',
      'starts a thread',
    ],
    [
      'reads what belongs to the job',
      'import os\nBASE = os.environ.get("SAGEMAKER_BASE_DIR")',
      'reads SAGEMAKER_BASE_DIR',
    ],
    ['reads the arguments', 'import sys\nARGS = sys.argv[1:]', 'reads the arguments'],
    ['opens a file', 'FILE = open(__file__)', 'opens a file'],
    ['starts a process', 'import subprocess\nP = subprocess.Popen(["sleep", "5"])', 'starts a process'],
    ['handles a signal', 'import signal\nsignal.signal(signal.SIGUSR1, lambda *_: None)', "changes a signal's handler"],
    ['changes all warnings', 'import warnings\nwarnings.simplefilter("error")', 'changes the filters of all warnings'],
    ['sets up logging', 'import logging\nlogging.basicConfig(level=10)', 'changes the root logger'],
    [
      'makes a folder for its process',
      'import tempfile\nD = tempfile.TemporaryDirectory()',
      'changes work for the end of the process',
    ],
    ['draws for itself', 'import random\nR = random.Random()', 'makes a generator of random numbers'],
    ['ends the process', 'import os\nif os.path.exists("/proc/self/fd/3"): os._exit(1)', 'the fork server has ended'],
  ])('leaves a package that %s to each job', async (_, text, reason) => {
    fixture.pack('odd', text);
    fixture.script('a.py', 'import odd, os\nprint("done", flush=True)');
    const alone = await fixture.run(undefined, ...A);
    const servers = fixture.servers();
    for (let round = 1; round <= 3; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect(await fixture.run(servers, ...A)).toEqual(alone);
    expect(fixture.messages).toEqual([expect.stringContaining(reason)]);
  });

  test.each([
    ['nothing, as Debian’s', 'try:\n    import no_such_hook\nexcept ImportError:\n    pass', 1, ''],
    ['something', 'import os\nos.environ.setdefault("MINE", "1")', 0, 'sitecustomize: left something'],
  ])('is there or not for a Python that starts with a sitecustomize which leaves %s', async (_, text, used, told) => {
    fixture.customise(text);
    fixture.script('a.py', TELL);
    const alone = await fixture.run(undefined, ...A);
    const servers = fixture.servers();
    expect(plain((await fixture.run(servers, ...A)).log)).toBe(plain(alone.log));
    expect(fixture.running()).toHaveLength(used);
    expect(fixture.messages.join('\n')).toContain(told);
    expect(fixture.messages).toHaveLength(1 - used);
  });

  test.each([
    ['a module of the program of the same name', () => fixture.script('calm.py', 'WHOSE = "program"'), 'program'],
    ['a package that has changed since', () => fixture.pack('calm', 'WHOSE = "newer"'), 'newer'],
  ])('does not hide %s', async (_, change, expected) => {
    fixture.pack('calm', 'WHOSE = "package"');
    fixture.script('a.py', 'import calm\nprint(calm.WHOSE)');
    const servers = fixture.servers();
    for (let round = 1; round <= 2; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect((await fixture.run(servers, ...A)).log).toBe('package\n');
    change();
    expect((await fixture.run(servers, ...A)).log).toBe(`${expected}\n`);
    expect((await fixture.run(servers, ...A)).log).toBe(`${expected}\n`);
  });

  test('runs jobs at the same time; one that is killed or lacks memory leaves the others alone', async () => {
    fixture.script(
      'a.py',
      'import sys, time\nif sys.argv[1] == "9": bytearray(2**62)\ntime.sleep(60 if sys.argv[1] == "0" else 0.3)\nsys.exit(int(sys.argv[1]))',
    );
    const servers = fixture.servers();
    const start = (n: number) => fixture.start(servers, [...A, String(n)]);
    const [first, ...others] = await Promise.all([start(0), ...[1, 2, 3, 9].map(start)]);
    process.kill(first.identity.pid, 'SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect((await Promise.all(others.map((each) => each.exited))).map(({ code }) => code)).toEqual([1, 2, 3, 1]);
    expect(fixture.running()).toHaveLength(1);
  });

  test('takes its jobs with it when it is killed, and has a successor', async () => {
    fixture.script('a.py', 'import sys, time\ntime.sleep(float(sys.argv[1]))');
    const servers = fixture.servers();
    const job = await fixture.start(servers, [...A, '60']);
    process.kill(fixture.onlyOneRunning(), 'SIGKILL');
    expect(await job.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await eventually(() => identify(job.identity.pid) === undefined);
    expect(await fixture.run(servers, ...A, '0')).toEqual({ code: 0, signal: null, log: '' });
  });

  test('ends with the program that it works for, and its jobs run on', async () => {
    fixture.script('a.py', 'import time\ntime.sleep(60)');
    const [containers, forkServers] = ['container', 'fork-servers'].map((name) =>
      JSON.stringify(join(__dirname, '../../../../local/container', `${name}.ts`)),
    );
    const props = { ...fixture.props(A), directory: join(fixture.root, 'job') };
    const program = `
      const { Container } = require(${containers});
      const { ForkServers } = require(${forkServers});
      Container.start({ ...${JSON.stringify(props)}, forkServers: new ForkServers({ log() {} }) })
        .then(({ identity: { pid } }) => { console.log(pid); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200); });`;
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], { encoding: 'utf8' });
    const job = identify(Number(stdout));
    expect(job).toBeDefined();
    // Whoever adopts it is no fork server.
    await eventually(() => !commandOf(parentOf(job?.pid ?? 0)).includes('fork_server'));
    await Container.stopOrphan(props.directory, 0);
    expect(identify(job?.pid ?? 0)).toBeUndefined();
  });

  test('is one for each environment, and no more than are wanted are kept', async () => {
    fixture.script('a.py', 'import os\nprint(os.environ["WHICH"])');
    const servers = fixture.servers({ most: 2 });
    for (const WHICH of ['a', 'b', 'c', 'a']) {
      fixture.environment = { WHICH };
      // oxlint-disable no-await-in-loop -- one after the other
      expect((await fixture.run(servers, ...A)).log).toBe(`${WHICH}\n`);
      await eventually(() => fixture.running().length <= 2);
      // oxlint-enable no-await-in-loop
    }
  });

  test('ends when it has had nothing to do for a while, and with the others', async () => {
    fixture.script('a.py', '');
    await fixture.run(fixture.servers({ idleMs: 20 }), ...A);
    await eventually(() => fixture.running().length === 0);
    const servers = fixture.servers();
    await fixture.run(servers, ...A);
    expect(fixture.running()).toHaveLength(1);
    servers.close();
    await eventually(() => fixture.running().length === 0);
    expect(await fixture.run(servers, ...A)).toMatchObject({ code: 0 });
    expect(fixture.running()).toEqual([]);
  });

  test.each([
    ['a module', ['python3', '-m', 'platform']],
    ['an option', ['python3', '-B', '/opt/program/a.py']],
    ['another program', ['sh', '-c', 'true']],
    ['a script that is not there', ['python3', '/opt/program/none.py']],
  ])('has no part in %s', async (_, command) => {
    fixture.script('a.py', '');
    const alone = await fixture.run(undefined, ...command);
    expect(await fixture.run(fixture.servers(), ...command)).toEqual(alone);
    expect(fixture.running()).toEqual([]);
  });

  test.each([
    ['another system than Linux', { platform: 'darwin' as const }, {}],
    ['an environment that has Python do more', {}, { PYTHONINSPECT: '1' }],
    ['an environment that is different for each job', {}, { DATA: '/opt/ml/input' }],
  ])('isn’t used for %s', async (_, options, environment) => {
    fixture.environment = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace('/opt/ml', Container.optMl(join(fixture.root, 'jobs', 'job-1'))),
      ]),
    );
    fixture.script('a.py', 'import os\nprint(os.getpid() == os.getsid(0))');
    expect((await fixture.run(fixture.servers(options), ...A)).log).toBe('True\n');
    expect(fixture.running()).toEqual([]);
  });
});
