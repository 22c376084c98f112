import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
/** A device that is always full, where there is one. */
const FULL = '/dev/full';

/** A program that writes a line for each that it reads, and ends with 3 if a line could not be written. */
function echo(exitCode: number | undefined, stdout: 'pipe' | number): ChildProcess {
  const script = `require('tsx/cjs');
    require('./cli/lost-output.ts').onLostOutput([process.stdout, process.stderr]);
    process.stdout.once('error', () => { process.exitCode = ${exitCode}; });
    process.stdin.on('data', () => console.log('line'));
    console.error('reads');`;
  return spawn(process.execPath, ['-e', script], { cwd: ROOT, stdio: ['pipe', stdout, 'pipe'] });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Ends its reader, as head does. */
async function close(stream: NodeJS.ReadableStream | null): Promise<void> {
  (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  await once(stream as NodeJS.ReadableStream, 'close');
}

describe('a command whose output is lost', () => {
  test('goes on to its end when the reader of its pipe is gone, and ends with its own exit code', async () => {
    const child = echo(3, 'pipe');
    const exit = exitOf(child);
    await once(child.stderr ?? process.stderr, 'data');
    await close(child.stdout);
    for (const line of ['one\n', 'two\n']) child.stdin?.write(line);
    child.stdin?.end('three\n');
    expect(await exit).toBe(3);
  });

  (existsSync(FULL) ? test.each : test.skip.each)([
    [undefined, 1],
    [2, 2],
  ])('has failed when the disk is full, at the end: with %p it ends with %p', async (own, code) => {
    const full = openSync(FULL, 'w');
    const child = echo(own, full);
    closeSync(full);
    const exit = exitOf(child);
    let complaint = '';
    child.stderr?.on('data', (text: Buffer) => void (complaint += text.toString()));
    child.stdin?.end('one\n');
    expect(await exit).toBe(code);
    await (child.stderr?.closed ? undefined : once(child.stderr ?? process.stderr, 'close'));
    expect(complaint).toMatch(/the output: could not be written, got ENOSPC.*; free some space/);
  });

  test('says by its exit code that the input was wrong, though nobody reads why', async () => {
    const child = spawn(process.execPath, ['bin/mlops.mjs', 'status', 'nowhere'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = exitOf(child);
    await close(child.stderr);
    expect(await exit).toBe(2);
  });
});
