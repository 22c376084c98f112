import childProcess, { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../../../local/container/process-identity';
import { type Spawned, spawner } from '../../../../local/container/spawner';
import { eventually } from '../sagemaker/eventually';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spawner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(script: string, environment: Readonly<Record<string, string>> = {}): Promise<Spawned> {
  return spawner.start({ ...props(folder), command: '/bin/sh', args: ['-c', script], environment });
}

function props(cwd: string) {
  const files = { log: join(cwd, 'log'), identityFile: join(cwd, 'process.json') };
  return { command: join(cwd, 'none'), args: [], cwd, environment: {}, ...files };
}

function log(): string {
  return readFileSync(join(folder, 'log'), 'utf8');
}

/** The program that starts the others. */
function parentOf({ identity: { pid } }: Spawned): number {
  const found = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
  // A signal to process 0 or 1 would end these tests, or the machine.
  if (!(found > 1)) throw new Error(`process ${pid} has no parent that a test could end, got ${found}`);
  return found;
}

describe('the program that starts others', () => {
  test('gives them a folder, just their own environment, and a log that they add to', async () => {
    writeFileSync(join(folder, 'log'), 'before\n');
    const { exited } = await start('pwd; echo "$A and $HOME"; echo bad >&2; exit 3', { A: 'a' });
    expect(await exited).toEqual({ code: 3, signal: null });
    expect(log()).toBe(`before\n${folder}\na and \nbad\n`);
  });

  test('makes each the leader of a process group, writes down which it is, and tells which signal ended it', async () => {
    const started = await start('sleep 60 & wait');
    expect(JSON.parse(readFileSync(join(folder, 'process.json'), 'utf8'))).toEqual(started.identity);
    expect(identify(started.identity.pid)).toEqual(started.identity);
    process.kill(-started.identity.pid, 'SIGTERM');
    expect(await started.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('passes on what the system says of a command that is not there', async () => {
    const missing = props(folder);
    await expect(spawner.start(missing)).rejects.toMatchObject({ code: 'ENOENT', message: expect.any(String) });
    await expect(spawner.start({ ...missing, log: join(folder, 'no/log') })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('starts many at a time and mixes up none', async () => {
    const codes = Array.from({ length: 20 }, (_, code) => code);
    const exits = codes.map(async (code) => (await start(`exit ${code}`)).exited);
    expect(await Promise.all(exits)).toEqual(codes.map((code) => ({ code, signal: null })));
  });

  test('lives through the signals that its whole group gets', async () => {
    const first = await start('sleep 60');
    const program = parentOf(first);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(program, signal);
    const second = await start('true');
    await second.exited;
    expect(parentOf(first)).toBe(program);
    process.kill(-first.identity.pid, 'SIGKILL');
    await first.exited;
  });

  test('takes its processes with it when it is killed, and has a successor', async () => {
    const started = await start('trap "" TERM; sleep 60 & wait');
    process.kill(parentOf(started), 'SIGKILL');
    expect(await started.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await eventually(() => identify(started.identity.pid) === undefined);
    expect(await (await start('exit 4')).exited).toEqual({ code: 4, signal: null });
  });

  test('is started again if it could not be for want of descriptors', async () => {
    const first = await start('sleep 60');
    process.kill(parentOf(first), 'SIGKILL');
    await first.exited;
    const failing = jest.spyOn(childProcess, 'spawn').mockImplementationOnce(() => {
      const none = new ChildProcess();
      process.nextTick(() => none.emit('error', new Error('EMFILE')));
      return none;
    });
    const second = await start('exit 4').finally(() => failing.mockRestore());
    expect(await second.exited).toEqual({ code: 4, signal: null });
  });

  test('lets nothing run of which it can not be written down which process it is', async () => {
    mkdirSync(join(folder, 'process.json.draft'));
    await expect(start(`sleep 60; : ${folder}`)).rejects.toMatchObject({ code: 'EISDIR' });
    await eventually(() => !execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).includes(folder));
  });

  test('starts nothing for a program that was killed meanwhile', async () => {
    const program = spawn(process.execPath, [join(__dirname, '../../../../local/container/spawn-server.cjs')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const exited = once(program, 'exit');
    const ofAnother = process.pid + 1;
    program.send({ id: 0, parent: ofAnother, ...props(folder), command: '/bin/sh', args: ['-c', ': > begun'] });
    await exited;
    expect(readdirSync(folder)).toEqual([]);
  });

  test('ends with the program that it works for, and its processes run on', async () => {
    const program = `
      const { spawner } = require(${JSON.stringify(join(__dirname, '../../../../local/container/spawner.ts'))});
      spawner.start({ ...${JSON.stringify(props(folder))}, command: '/bin/sh', args: ['-c', 'echo $PPID > parent; sleep 60'] })
        .then(({ identity: { pid } }) => { console.log(pid); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200); });`;
    let output = '';
    try {
      output = execFileSync(process.execPath, ['--import', 'tsx', '-e', program], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    const pid = Number(output);
    expect(identify(pid)).toBeDefined();
    try {
      // The shell makes the file, and writes to it a moment later.
      const parent = () => (existsSync(join(folder, 'parent')) ? readFileSync(join(folder, 'parent'), 'utf8') : '');
      await eventually(() => parent().endsWith('\n'));
      await eventually(() => identify(Number(parent())) === undefined);
    } finally {
      process.kill(-pid, 'SIGKILL');
    }
  });
});
