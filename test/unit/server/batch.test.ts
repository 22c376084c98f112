import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { serverBundle } from '../../../constructs/serving/server-program';
import { answerShard, type ShardSettings, shardOf } from '../../../server/batch/answer-shard';
import { parseBatchSettings } from '../../../server/batch/batch-settings';
import type { Model } from '../../../server/model/onnx-model';
import type { Table } from '../../../server/rows/table';
import { MEGABYTE, parseSettings } from '../../../server/settings';
import { endServers, startServerProcess } from './server-process';
import { FakeModel } from './start-server';
import { modelFolder } from './test-model';

/** Waits before it answers for the so many-th time. */
class PausedModel extends FakeModel {
  goOn = () => {};
  readonly reached: Promise<void>;
  private reach = () => {};
  private readonly paused = new Promise<void>((resolve) => {
    this.goOn = resolve;
  });

  constructor(private left: number) {
    super();
    this.reached = new Promise((resolve) => {
      this.reach = resolve;
    });
  }

  override async predict(table: Table) {
    this.left -= 1;
    if (this.left === 0) {
      this.reach();
      await this.paused;
    }
    return super.predict(table);
  }
}

class WideModel extends FakeModel {
  override readonly columns = Array.from({ length: 1000 }, (_, index): Model['columns'][number] => {
    return { name: index === 1 ? 'hour' : `c${index}`, kind: 'number', type: 'float64', required: false };
  });
}

const model = new FakeModel();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string | Buffer): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
const answer = (path: string) => readFileSync(join(folder, 'out', `${path}.out`), 'utf8');
const values = (path: string) => answer(path).trimEnd().split('\n').map(Number);
const settings = (overrides: Partial<ShardSettings> = {}): ShardSettings => ({
  index: 0,
  shards: 1,
  input: join(folder, 'in'),
  output: join(folder, 'out'),
  payload: MEGABYTE,
  joinInput: false,
  ...overrides,
});
const HEADER = 'hour,carrier,temp';
const ROWS = 'AA,2,1\nUA,0,\n"AA",23,-5\n';
const EXPECTED = [2 / 23, 0, 1];

describe('a shard of a batch', () => {
  test('has a line for each row, with or without a header', async () => {
    write('in/rows.csv', ROWS);
    write('in/below/headed.csv', `${HEADER}\n2,AA,1\n0,UA,\n23,AA,-5\n`);
    expect(await answerShard(model, settings())).toBe(2);
    expect(values('rows.csv')).toEqual(EXPECTED);
    expect(answer('below/headed.csv')).toBe(answer('rows.csv'));
  });

  test('is the same in chunks, and stands behind its rows where it is joined', async () => {
    write('in/rows.csv', `\ufeff${HEADER}\r\n2,AA,1\r\n\r\n0,UA,\n23,AA,-5`);
    await answerShard(model, settings());
    const alone = answer('rows.csv').trimEnd().split('\n');
    rmSync(join(folder, 'out'), { recursive: true });
    await answerShard(model, settings({ payload: 1, joinInput: true }));
    expect(answer('rows.csv')).toBe(
      `${HEADER},probability\n2,AA,1,${alone[0]}\n0,UA,,${alone[1]}\n23,AA,-5,${alone[2]}\n`,
    );
  });

  test('goes through more rows than the model is given at a time, and longer files than are read at a time', async () => {
    const hours = Array.from({ length: 20_000 }, (_, row) => row % 24);
    write('in/long.csv', hours.map((hour) => `AA,${hour},1\r\n`).join(''));
    await answerShard(model, settings());
    const got = values('long.csv');
    expect(got).toHaveLength(hours.length);
    expect(got.every((value, row) => value === (row % 24) / 23)).toBe(true);
  });

  test('is answered in parts where its rows leave out so many columns that they would take too much at once', async () => {
    write('in/a.csv', `hour\n${'23\n'.repeat(5000)}`);
    await answerShard(new WideModel(), settings());
    expect(values('a.csv')).toEqual(Array<number>(5000).fill(1));
  });

  test('goes on where another pod ended, and leaves no half of an answer', async () => {
    write('in/a.csv', ROWS);
    write('in/b.csv', ROWS);
    write('out/a.csv.out', 'answered before');
    write('out/.b.csv.out.part', 'half of it');
    expect(await answerShard(model, settings())).toBe(2);
    expect(answer('a.csv')).toBe('answered before');
    expect(values('b.csv')).toHaveLength(3);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['a.csv.out', 'b.csv.out']);
  });

  test('is answered whole where two pods are at it, and by the second to end as well', async () => {
    write('in/a.csv', ROWS);
    const [first, second] = [new PausedModel(2), new PausedModel(1)];
    const answers = [first, second].map((paused) => answerShard(paused, settings({ payload: 1 })));
    await Promise.all([first.reached, second.reached]);
    first.goOn();
    await answers[0];
    expect(values('a.csv')).toEqual(EXPECTED);
    second.goOn();
    expect(await Promise.all(answers)).toEqual([1, 1]);
    expect(values('a.csv')).toEqual(EXPECTED);
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.csv.out']);
  });

  test('clears the drafts of answers that are there, whoever left them, and none of others', async () => {
    write('in/a.csv', ROWS);
    write('in/b.csv', 'AA,25,1\n');
    const others = ['.a.csv.out.1234567.part', '.b.csv.out.part', '.b.csv.out.12345678.part', '.c.csv.out.part'];
    for (const name of ['.a.csv.out.part', '.a.csv.out.12345678.part', ...others]) write(`out/${name}`, 'half of it');
    await expect(answerShard(model, settings())).rejects.toThrow('b.csv, from row 1 on');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([...others, 'a.csv.out'].sort());
  });

  test('names a file that it can not answer, and where in it, and answers the others', async () => {
    write('in/a.csv', 'AA,2,1\nAA,25,1\n');
    write('in/b.csv', Buffer.from([0x41, 0xff, 0x0a]));
    write('in/c.csv', 'AA,2,1\nAA,"3,1\n');
    write('in/d.csv', ROWS);
    const fault: unknown = await answerShard(model, settings({ payload: 7 })).catch((error: unknown) => error);
    expect(String(fault)).toContain(
      'a.csv, from row 2 on, body: row 1, column hour must be a number from 0 to 23, got "25"',
    );
    expect(String(fault)).toContain('b.csv: must be UTF-8, got other bytes; encode it');
    expect(String(fault)).toContain('c.csv, from row 2 on, body: must be CSV, got a quote that is never closed');
    expect(readdirSync(join(folder, 'out'))).toEqual(['d.csv.out']);
  });

  test.each([
    ['nothing', ''],
    ['blank lines', '\n \r\n\n'],
    ['a header alone', `${HEADER}\n`],
  ])('has nothing to say to a file with %s', async (_, text) => {
    write('in/a.csv', text);
    await answerShard(model, settings());
    expect(answer('a.csv')).toBe('');
  });

  test.each([
    [0, 1],
    [1, 3],
    [7, 3],
    [9, 3],
  ])('of %d files and %d shards has each file once', (count, shards) => {
    mkdirSync(join(folder, 'in/.hidden'), { recursive: true });
    write('in/.hidden/x.csv', 'x');
    write('in/.x.csv', 'x');
    for (let index = 0; index < count; index += 1) write(`in/f${index}/rows.csv`, 'x');
    const all = Array.from({ length: shards }, (_, index) => shardOf(settings({ index, shards }))).flat();
    expect(all.sort()).toEqual(Array.from({ length: count }, (_, index) => join(folder, `in/f${index}/rows.csv`)));
  });

  test('says which folder is not there', () => {
    expect(() => shardOf(settings())).toThrow('in: must be a folder, got none; mount the volume that holds it');
  });
});

const RIGHT = {
  JOB_COMPLETION_INDEX: '2',
  BATCH_SHARDS: '3',
  BATCH_INPUT: '/data/in',
  BATCH_OUTPUT: '/data/out',
  BATCH_PAYLOAD_MB: '6',
};

describe('the settings of a shard', () => {
  test('are the variables of the Python program', () => {
    const expected = { index: 2, shards: 3, input: '/data/in', output: '/data/out', payload: 6 * MEGABYTE };
    expect(parseBatchSettings(RIGHT)).toEqual({ ...expected, joinInput: false, modelDirectory: '/opt/ml/model' });
    expect(parseBatchSettings({ ...RIGHT, BATCH_JOIN_INPUT: 'true' }).joinInput).toBe(true);
  });

  test('say where the model is as those of the server do: empty is as good as absent', () => {
    for (const base of ['', '/tmp/ml']) {
      const environment = { SAGEMAKER_BASE_DIR: base };
      const { modelDirectory } = parseSettings(environment, { cores: 1 });
      expect(parseBatchSettings({ ...RIGHT, ...environment }).modelDirectory).toBe(modelDirectory);
    }
  });

  test.each([
    ['MODEL_SERVER_MODEL_SHA256', 'ABC'],
    ['JOB_COMPLETION_INDEX', '3'],
    ['JOB_COMPLETION_INDEX', '-1'],
    ['JOB_COMPLETION_INDEX', ''],
    ['BATCH_SHARDS', '0'],
    ['BATCH_SHARDS', '100001'],
    ['BATCH_SHARDS', 'NaN'],
    ['BATCH_PAYLOAD_MB', '0'],
    ['BATCH_PAYLOAD_MB', '101'],
    ['BATCH_PAYLOAD_MB', undefined],
    ['BATCH_INPUT', ''],
    ['BATCH_OUTPUT', undefined],
  ])('may not have %s %p', (name, value) => {
    expect(() => parseBatchSettings({ ...RIGHT, [name]: value })).toThrow(`environment ${name}: must`);
  });
});

describe('the program of a pod', () => {
  const ml = mkdtempSync(join(tmpdir(), 'batch-ml-'));
  beforeAll(() => renameSync(modelFolder().directory, join(ml, 'model')));
  afterAll(() => {
    endServers();
    rmSync(ml, { recursive: true });
  });

  const SHA256 = () =>
    createHash('sha256')
      .update(readFileSync(join(ml, 'model/model.onnx')))
      .digest('hex');

  /** @param limit a command of the shell before the program */
  function run(environment: Readonly<Record<string, string>>, limit = 'true') {
    const program = join(folder, 'main.cjs');
    writeFileSync(program, serverBundle());
    const command = [`${limit} && exec "$0" "$@"`, process.execPath, program, 'batch'];
    const { status, stdout, stderr } = spawnSync('sh', ['-c', ...command], {
      env: {
        ...RIGHT,
        PATH: process.env.PATH,
        NODE_PATH: resolve(__dirname, '../../../node_modules'),
        SAGEMAKER_BASE_DIR: ml,
        BATCH_INPUT: join(folder, 'in'),
        BATCH_OUTPUT: join(folder, 'out'),
        ...environment,
      },
      encoding: 'utf8',
      timeout: 110_000,
    });
    return { status, stdout, stderr };
  }

  test('ends with 0 once its files are answered as by the server, and says by which graph', async () => {
    for (const name of ['a', 'b', 'c', 'd']) write(`in/${name}.csv`, ROWS);
    const { status, stdout, stderr } = run({});
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, sha256] = /^shard 2 of 3: 1 files answered by ([0-9a-f]{64})\n$/.exec(stdout) ?? [];
    expect(sha256).toBe(SHA256());
    expect(readdirSync(join(folder, 'out'))).toEqual(['c.csv.out']);
    const { url } = await startServerProcess();
    const headers = { 'content-type': 'text/csv' };
    const response = await fetch(`${url}/invocations`, { method: 'POST', body: ROWS, headers });
    expect(await response.text()).toBe(answer('c.csv'));
  });

  test('ends with 2 for what no other try makes right: rows, settings, and a graph that is not the promised one', () => {
    write('in/a.csv', 'AA,far,1\n');
    const first = { JOB_COMPLETION_INDEX: '0' };
    expect(run(first)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('a.csv, from row 1') as string,
    });
    expect(run({ BATCH_SHARDS: '0' })).toMatchObject({ status: 2 });
    const other = run({ ...first, MODEL_SERVER_MODEL_SHA256: 'a'.repeat(64) });
    expect(other).toMatchObject({ status: 2 });
    expect(other.stderr).toContain(`model.onnx: must have the SHA-256 ${'a'.repeat(64)}, got ${SHA256()}`);
    expect(existsSync(join(folder, 'out/a.csv.out'))).toBe(false);
  });

  test('ends with 1 rather than with half of an answer where there is no room for all of it', () => {
    write('in/a.csv', 'AA,2,1\n'.repeat(5000));
    // A file may have 8 blocks, of half a kilobyte or one: what is written is cut there, without an error.
    expect(run({ JOB_COMPLETION_INDEX: '0' }, 'ulimit -f 8')).toMatchObject({ status: 1 });
    expect(existsSync(join(folder, 'out/a.csv.out'))).toBe(false);
  });

  test('ends with 1 for what another try may mend', () => {
    write('in/a.csv', ROWS);
    write('out', 'a file where a folder has to be');
    expect(run({ JOB_COMPLETION_INDEX: '0' })).toMatchObject({ status: 1 });
  });
});
