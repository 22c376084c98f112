import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDefinition } from '../../../../local/sagemaker/pipeline/check-definition';
import { checkOutputs } from '../../../performance/executor/check-outputs';
import type { Contestant } from '../../../performance/executor/contestant';
import { pipelineDefinition } from '../../../performance/executor/definition';
import { executorReport } from '../../../performance/executor/executor-report';
import type { ExecutorResult } from '../../../performance/executor/executor-results';
import { PEER_IDS } from '../../../performance/executor/peers';
import { secondsIn } from '../../../performance/executor/run-driver';
import { runExecutors } from '../../../performance/executor/run-executors';
import { predecessors, SHAPES, STEP_COUNTS, setting, type Work } from '../../../performance/executor/work';

const PEERS = resolve(__dirname, '../../../performance/executor/peers');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'executor-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function step({ shape, steps }: Work, index: number): void {
  execFileSync('python3', [join(PEERS, 'step.py'), folder, shape, String(steps), String(index)], { stdio: 'pipe' });
}

describe('a step of the bench', () => {
  test('runs when those before it have, once, and leaves what is checked', () => {
    const work: Work = { shape: 'fan-out', steps: 3 };
    expect(() => step(work, 1)).toThrow('No such file');
    for (const index of [0, 1]) step(work, index);
    expect(() => step(work, 1)).toThrow('File exists');
    expect(() => checkOutputs('Peer', work, folder)).toThrow('Peer: step 2 of 3 must leave "fan-out 3 2", got no file');
    step(work, 2);
    expect(() => checkOutputs('Peer', work, folder)).not.toThrow();
    writeFileSync(join(folder, '1'), 'chain 3 1');
    expect(() => checkOutputs('Peer', work, folder)).toThrow('got chain 3 1');
  });

  test('comes after the same steps in both languages', () => {
    const program = `import json, step; print(json.dumps([list(step.predecessors(shape, 4, i)) for shape in ("chain", "fan-out") for i in range(4)]))`;
    const python = execFileSync('python3', ['-c', program], { cwd: PEERS, encoding: 'utf8' });
    const ours = SHAPES.flatMap((shape) => [0, 1, 2, 3].map((index) => predecessors({ shape, steps: 4 }, index)));
    expect(JSON.parse(python)).toEqual(ours);
  });
});

describe('our pipeline of the bench', () => {
  test.each([undefined, 's3://bucket/run'])('is legal with its files through %p, of 1,000 steps too', (prefix) => {
    for (const shape of SHAPES) {
      const body = pipelineDefinition({
        work: { shape, steps: 1000 },
        imageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/bench:1',
        script: 'step.py',
        role: 'arn:aws:iam::000000000000:role/bench',
        outputs: '/outputs',
        prefix,
      });
      expect(readDefinition(body).Steps).toHaveLength(1000);
    }
  });
});

describe('a peer of the executor', () => {
  test.each(PEER_IDS)('%s is pinned as its list of packages says, every package with a hash', (id) => {
    const [wanted = ''] = readFileSync(join(PEERS, `${id}.in`), 'utf8').match(/^[a-z].*$/m) ?? [];
    const lock = readFileSync(join(PEERS, `${id}.lock`), 'utf8');
    expect(lock).toContain(`\n${wanted.replace('[local]', '')} `);
    const packages = lock.match(/^[a-z].*$/gim) ?? [];
    expect(packages.length).toBeGreaterThan(5);
    expect(lock.split(/^(?=[a-z])/im).filter((entry) => !entry.includes('--hash=sha256:'))).toEqual([]);
  });

  test.each([
    ['{"seconds": 0}', 'got {"seconds": 0}'],
    ['{}', 'got {}'],
  ])('whose driver ends with %s has measured nothing', (output, message) => {
    expect(() => secondsIn(output)).toThrow(message);
  });

  test('may say what it likes before its seconds', () => {
    expect(secondsIn('started\n{"seconds": 1.5}\n')).toBe(1.5);
  });
});

function contestant(id: string, run: (work: Work) => number): Contestant {
  return {
    id,
    title: id,
    versions: '',
    run: async (work, { outputs }) => {
      mkdirSync(outputs, { recursive: true });
      for (let index = 0; index < work.steps; index += 1)
        writeFileSync(join(outputs, String(index)), `${work.shape} ${work.steps} ${index}`);
      return run(work);
    },
  };
}

describe('the rounds of the executors', () => {
  test('take bare processes before and after the others, and spare one that is slow', async () => {
    let bare = 0;
    const runs: string[] = [];
    const results = await runExecutors({
      place: { root: folder, directory: folder, say: () => {} },
      bare: contestant('bare', () => {
        bare += 1;
        return bare;
      }),
      contestants: [
        contestant('ours', () => 5),
        contestant('ours-s3', () => 6),
        contestant('slow', (work) => {
          runs.push(setting(work));
          return work.steps === 100 ? 3.01 : 3;
        }),
      ],
      rounds: 2,
    });
    expect(results.bare.runs['chain-10']?.seconds).toEqual([1.5, 9.5]);
    expect(runs).toEqual(['chain-10', 'fan-out-10', 'chain-100', 'fan-out-100', 'chain-10', 'fan-out-10']);
    // Ours alone.
    expect(results.contestants.map(({ runs: all }) => all['chain-1000']?.seconds)).toEqual([[5], [], []]);
    // However slow it is.
    expect(results.contestants[0]?.runs['chain-100']?.seconds).toEqual([5, 5]);
  });

  test('end with one that leaves something else', async () => {
    const place = { root: folder, directory: folder, say: () => {} };
    const wrong = { ...contestant('wrong', () => 1), run: () => Promise.resolve(1) };
    await expect(
      runExecutors({ place, bare: contestant('bare', () => 1), contestants: [wrong], rounds: 1 }),
    ).rejects.toThrow('wrong: step 0 of 10');
  });
});

function result(id: string, seconds: number): ExecutorResult {
  const works = [...STEP_COUNTS, 1000].flatMap((steps) => SHAPES.map((shape) => ({ shape, steps })));
  return {
    id,
    title: id,
    versions: '',
    runs: Object.fromEntries(works.map((work) => [setting(work), { seconds: [1 + (seconds * work.steps) / 1000] }])),
  };
}

describe('the report of the executors', () => {
  test.each([
    [9.9, 'is met'],
    [10.1, 'is missed'],
    [0, 'is met'],
    [-0.9, 'is met'],
  ])('says of %p ms to 100 that the goal of a tenth %s, and never calls ours a peer', (ours, verdict) => {
    const report = executorReport({
      rounds: 1,
      bare: result('bare', 0),
      contestants: [result('ours', ours), result('ours-s3', 20), result('slow', 300), result('quick', 100)],
    });
    expect(
      report.match(new RegExp(`best peer \\(quick\\) takes 100 ms; the goal of 0.1× at most ${verdict}`, 'g')),
    ).toHaveLength(4);
    expect(report).toContain('### 1,000 steps');
  });

  test('has no ratio of an overhead that is less than nothing', () => {
    const report = executorReport({
      rounds: 1,
      bare: result('bare', 0),
      contestants: [result('ours', -0.5), result('ours-anew', 20), result('peer', 100)],
      heavy: [result('heavy', 1)],
    });
    expect(report).toContain('-0.500 ms a step beyond its process, where the best peer (peer) takes 100 ms');
    expect(report).toContain('Without the fork server: 20.0 ms a step beyond its process, 0.200×.');
    expect(report).toContain('below 0');
    expect(report).not.toMatch(/-[\d.]+×/);
    expect(report).toContain('### 10 steps that import pandas and scikit-learn, chain');
  });

  test('has no goals where no peer was run', () => {
    const report = executorReport({ rounds: 1, bare: result('bare', 0), contestants: [result('ours', 1)] });
    expect(report).not.toContain('the goal of');
  });
});
