import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = resolve(__dirname, '../../..');

/** A program that does something for each line that it reads. */
function program(onLine: string): ChildProcess {
  const script = `require('tsx/cjs');
    require('./cli/lost-output.ts').onLostOutput([process.stdout, process.stderr]);
    ${onLine};
    console.error('reads');`;
  return spawn(process.execPath, ['-e', script], { cwd: ROOT, stdio: 'pipe' });
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
    const child = program(`process.stdout.once('error', () => { process.exitCode = 3; });
      process.stdin.on('data', () => console.log('line'))`);
    const exit = exitOf(child);
    await once(child.stderr ?? process.stderr, 'data');
    await close(child.stdout);
    for (const line of ['one\n', 'two\n']) child.stdin?.write(line);
    child.stdin?.end('three\n');
    expect(await exit).toBe(3);
  });

  test.each([
    ['undefined', 1],
    ['2', 2],
  ])('has failed when the disk is full, at the end: with %s it ends with %i', async (own, code) => {
    const child = program(`process.stdin.on('data', () => {
      process.stdout.emit('error', Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }));
      process.exitCode = ${own};
    })`);
    const exit = exitOf(child);
    const complaint = text(child.stderr ?? process.stdin);
    child.stdin?.end('one\n');
    expect(await exit).toBe(code);
    expect(await complaint).toMatch(/the output: could not be written, got ENOSPC.*; free some space/);
  });

  test('says by its exit code that the input was wrong, though nobody reads why', async () => {
    const child = spawn(process.execPath, ['bin/mlops.mjs', 'status', 'nowhere'], { cwd: ROOT, stdio: 'pipe' });
    const exit = exitOf(child);
    await close(child.stderr);
    expect(await exit).toBe(2);
  });
});
