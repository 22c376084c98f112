import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Store } from '../../../../local/sagemaker/store';
import { freshClone } from '../../../performance/loop/fresh-clone';
import { loopReport } from '../../../performance/loop/loop-report';
import type { LoopRun } from '../../../performance/loop/loop-results';
import { readJobs } from '../../../performance/loop/read-jobs';
import { covered, shareBesideWorkload, splitOf } from '../../../performance/loop/workload';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the time of the workload', () => {
  test('counts once what ran at the same time', () => {
    expect(covered([])).toBe(0);
    expect(
      covered([
        { from: 5000, to: 6000 },
        { from: 0, to: 2000 },
        { from: 1000, to: 3000 },
        { from: 1500, to: 1600 },
      ]),
    ).toBe(4);
  });

  test('is that of a second of each, whatever runs', () => {
    const interval = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(interval), (pairs) => {
        const seconds = new Set(
          pairs.flatMap(([from, more]) => Array.from({ length: more }, (_, second) => from + second)),
        );
        const intervals = pairs.map(([from, more]) => ({ from: from * 1000, to: (from + more) * 1000 }));
        expect(covered(intervals)).toBeCloseTo(seconds.size, 9);
      }),
    );
  });

  test('is read from the jobs that have begun and ended since, without what they waited for the tracking database', () => {
    const store = new Store(folder);
    const at = (second: number) => new Date(second * 1000).toISOString();
    const put = (name: string, from: number, to?: number, log = '') => {
      mkdirSync(join(folder, 'jobs', name), { recursive: true });
      writeFileSync(join(folder, 'jobs', name, 'output.log'), log);
      const end = to === undefined ? {} : { ProcessingEndTime: at(to) };
      store.collection('processing-job').put(name, { ProcessingJobName: name, ProcessingStartTime: at(from), ...end });
    };
    put('earlier', 1, 9);
    put('now', 5, 7);
    put('open', 6);
    put('waited', 10, 20, 'rows: 7\ntracking: waited 2.5 s for mlflow.db, which another process made\n');
    expect(readJobs(folder, 5000)).toEqual([
      { from: 5000, to: 7000 },
      { from: 12_500, to: 20_000 },
    ]);
  });

  test.each([
    ['training-job', 'Training'],
    ['transform-job', 'Transform'],
  ])('is read from a %s', (kind, prefix) => {
    mkdirSync(join(folder, 'jobs', 'one'), { recursive: true });
    writeFileSync(join(folder, 'jobs', 'one', 'output.log'), '');
    new Store(folder).collection(kind).put('one', {
      [`${prefix}JobName`]: 'one',
      [`${prefix}StartTime`]: new Date(8000).toISOString(),
      [`${prefix}EndTime`]: new Date(9000).toISOString(),
    });
    expect(readJobs(folder, 5000)).toEqual([{ from: 8000, to: 9000 }]);
  });
});

function run(seconds: number, workload: number): LoopRun {
  const phases = [
    { title: 'Set up Python', from: 0.5, seconds: 2 },
    { title: 'Start the local AWS', from: 1, seconds: 1 },
    { title: 'Run the pipeline', from: 2.5, seconds: workload + 1 },
  ];
  return { seconds, phases, jobs: [{ from: 0, to: workload * 1000 }] };
}

describe('the split of a run', () => {
  test('parts the pipeline, and loses no second, nor counts one twice where phases ran beside each other', () => {
    const split = splitOf(run(10, 5));
    expect(split.map(({ seconds }) => seconds)).toEqual([2, 1, 5, 1, 2]);
    expect(shareBesideWorkload(run(10, 5))).toBe(0.5);
  });

  test.each([0, -1, Number.NaN])('is refused of a run of %p seconds', (seconds) => {
    expect(() => shareBesideWorkload(run(seconds, 1))).toThrow(`needs seconds, got ${seconds}`);
  });

  test.each([
    [60, 'is met'],
    [59, 'is missed'],
  ])('of %p s of workload in 100 s says that the goal %s', (workload, verdict) => {
    const report = loopReport({ first: [run(100, workload)], second: [run(50, 0)] });
    expect(report).toContain(`the goal of 40 % at most ${verdict}`);
    expect(report).toContain('so that 100 % of it are something else');
    expect(report).toMatch(/The pipeline: all else +\| +1.00 \| +1.00 \|/);
  });
});

describe('a fresh copy of the checkout', () => {
  test('has what git knows or would take, and nothing that it ignores', () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    mkdirSync(join(from, 'node_modules'), { recursive: true });
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: from, stdio: 'pipe' });
    git('init', '-q');
    writeFileSync(join(from, '.gitignore'), '.mlops\nnode_modules\n');
    mkdirSync(join(from, '.mlops'));
    for (const name of ['kept', 'deleted', 'new', '.mlops/state']) writeFileSync(join(from, name), name);
    git('add', 'kept', 'deleted');
    rmSync(join(from, 'deleted'));
    mkdirSync(to);
    writeFileSync(join(to, 'left'), '');
    freshClone(from, to);
    expect(readFileSync(join(to, 'kept'), 'utf8')).toBe('kept');
    expect(['new', 'deleted', '.mlops', 'left', 'node_modules'].map((name) => existsSync(join(to, name)))).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });
});
