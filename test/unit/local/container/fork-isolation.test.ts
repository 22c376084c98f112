import { type ForkFixture, forkFixtures, plain, TELL } from './fork-fixture';

let fixture: ForkFixture;
forkFixtures((fresh) => {
  fixture = fresh;
});

const DIRTY = ['python3', '/opt/program/dirty.py'];
const CLEAN = ['python3', '/opt/program/clean.py'];
/** Loaded once for all jobs, and still new to each. */
const PACKAGE = 'import json, logging, multiprocessing, random, warnings\nSTATE = {}';
/** Everything that one process could leave to the next. */
const STATE = `
import fcntl, json, locale, logging, multiprocessing, os, os.path, random, resource, shared, signal, tempfile, time, warnings
print(shared.STATE, json.dumps({}), os.path.join("a", "b"), [len(a) for a in (warnings.filters, logging.getLogger().handlers)])
print([fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (0, 1, 2)], os.nice(0), [resource.getrlimit(i) for i in range(16)])
print(multiprocessing.get_start_method(allow_none=True), multiprocessing.active_children(), locale.setlocale(locale.LC_ALL))
print(signal.getitimer(signal.ITIMER_REAL), tempfile.tempdir, time.tzname, os.sched_getaffinity(0), multiprocessing.current_process().name)
${TELL}`;

describe('a job that is a fork', () => {
  test.each([
    [
      'its environment, arguments and paths',
      'import os, sys\nos.environ["LEFT"] = "x"\ndel os.environ["LANG"]\nsys.argv.append("x")\nsys.path.insert(0, "/left")',
    ],
    [
      'its folder, its umask and its limits',
      'import os, resource\nos.chdir("/")\nos.umask(0)\nos.nice(3)\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\nos.sched_setaffinity(0, [0])',
    ],
    [
      'changes to modules',
      'import builtins, json, os.path, shared, sys\njson.dumps = os.path.join = builtins.print = None\nshared.STATE["left"] = 1\nsys.modules["left"] = sys',
    ],
    [
      'settings of the interpreter',
      'import gc, sys, tempfile, warnings, logging\ngc.disable()\nsys.setrecursionlimit(500)\nwarnings.simplefilter("error")\nlogging.basicConfig(level=10)\ntempfile.tempdir = "/left"\nsys.setprofile(print)\nsys.setprofile(None)\nsys.excepthook = print',
    ],
    [
      'signals, timers and the locale',
      'import locale, os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nsignal.setitimer(signal.ITIMER_REAL, 1000)\nlocale.setlocale(locale.LC_ALL, "C")\nos.environ["TZ"] = "Asia/Tokyo"\ntime.tzset()',
    ],
    [
      'how processes are started',
      'import multiprocessing\nmultiprocessing.set_start_method("spawn")\nmultiprocessing.current_process().name = "left"',
    ],
    ['descriptors and their flags', 'import os\nfor fd in (0, 1, 2): os.set_blocking(fd, False)\nos.dup2(1, 9)'],
    [
      'threads and processes',
      'import os, subprocess, sys, threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nsubprocess.Popen(["sleep", "20"], start_new_session=False)',
    ],
    ['its death', 'import os\nos.kill(os.getpid(), 9)'],
  ])('leaves %s to nobody', async (_, text) => {
    fixture.pack('shared', PACKAGE);
    fixture.script('clean.py', STATE);
    fixture.script('dirty.py', `import shared\n${text}`);
    const alone = await fixture.run(undefined, ...CLEAN);
    const servers = fixture.servers();
    for (let round = 1; round <= 2; round += 1) {
      // oxlint-disable no-await-in-loop -- the second is of a server that has loaded the package
      await fixture.run(servers, ...DIRTY);
      const after = await fixture.run(servers, ...CLEAN);
      // oxlint-enable no-await-in-loop
      expect(plain(after.log)).toBe(plain(alone.log));
      expect(after).toMatchObject({ code: 0 });
    }
    expect(fixture.messages).toEqual([]);
  });

  test('draws what no other has drawn', async () => {
    fixture.pack('shared', PACKAGE);
    fixture.script(
      'clean.py',
      'import multiprocessing, random, shared, tempfile, uuid\nprint(random.random(), uuid.uuid4(), next(tempfile._get_candidate_names()), multiprocessing.current_process().authkey.hex())',
    );
    fixture.script('dirty.py', 'import random, shared\nrandom.seed(1)\nprint(random.random())');
    const servers = fixture.servers();
    const drawn: string[] = [];
    for (let round = 1; round <= 3; round += 1) {
      // oxlint-disable no-await-in-loop
      await fixture.run(servers, ...DIRTY);
      drawn.push(...(await fixture.run(servers, ...CLEAN)).log.trim().split(' '));
      // oxlint-enable no-await-in-loop
    }
    expect(drawn).toHaveLength(12);
    expect(new Set(drawn).size).toBe(12);
  });
});
