import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { identify } from '../../../../local/container/process-identity';
import { lastLines, logTail } from '../../../../local/daemon/log-tail';
import { runLogged } from '../../../../local/daemon/run-logged';
import { eventually } from '../sagemaker/eventually';

describe('a program that is run with a log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const run = (source: string, onLine?: (line: string) => void) =>
    runLogged({
      command: process.execPath,
      args: ['-e', source],
      environment: { WORD: 'hello' },
      logFile: join(folder, 'logs', 'run.log'),
      onLine,
    });

  test('gives back its exit code and output, and leaves both outputs in the log', async () => {
    const result = await run("console.log(process.env.WORD); console.error('oops'); process.exitCode = 4");
    expect(result).toMatchObject({ code: 4, output: 'hello\n' });
    expect(result.tail.split('\n').toSorted()).toEqual(['hello', 'oops']);
    expect(readFileSync(join(folder, 'logs', 'run.log'), 'utf8')).toMatch(
      /^\n\$ .*node -e [^]*(hello\noops|oops\nhello)\n$/,
    );
  });

  test('tells its lines as they come, without colours, and the last one without its end', async () => {
    const lines: string[] = [];
    await run("process.stdout.write('one\\n\\u001b[31mtw'); process.stdout.write('o\\u001b[0m\\rthree')", (line) =>
      lines.push(line),
    );
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  test('ends with this process, though only that is asked to', async () => {
    const waiting = 'console.log(process.pid); setInterval(() => {}, 1000)';
    const props = { command: process.execPath, args: ['-e', waiting], logFile: join(folder, 'run.log') };
    const script = `require('tsx/cjs');
      process.once('SIGTERM', () => process.exit(143));
      require('./local/daemon/run-logged.ts').runLogged({ ...${JSON.stringify(props)}, environment: process.env, onLine: console.log });`;
    const cwd = resolve(__dirname, '../../../..');
    const child = spawn(process.execPath, ['-e', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(printed.toString());
    expect(identify(pid)).toBeDefined();
    child.kill();
    expect(await once(child, 'exit')).toEqual([143, null]);
    await eventually(() => identify(pid) === undefined);
  });

  test('has no exit code when it can not be started', async () => {
    const logFile = join(folder, 'run.log');
    const result = await runLogged({ command: join(folder, 'nothing'), args: [], environment: {}, logFile });
    expect(result.code).toBeNull();
    expect(result.tail).toContain('ENOENT');
  });
});

describe('the end of a log', () => {
  test('is empty for a log that is not there', () => {
    expect(logTail('/nonexistent')).toBe('');
  });

  test('leaves out what an earlier run wrote', () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    const file = join(folder, 'two-runs.log');
    writeFileSync(file, 'old\nnew\nnewer\n');
    expect(logTail(file, { from: 4 })).toBe('new\nnewer');
    expect(logTail(file, { from: 4, lines: 1 })).toBe('newer');
    expect(logTail(file, { from: 99 })).toBe('');
    rmSync(folder, { recursive: true });
  });

  test('holds the last lines that say something', () => {
    expect(lastLines('a\n\nb\n  \nc\n', 2)).toBe('b\nc');
  });
});
