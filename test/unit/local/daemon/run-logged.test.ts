import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, logTail } from '../../../../local/daemon/log-tail';
import { runLogged } from '../../../../local/daemon/run-logged';

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
