import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** Starts a program that is asked to end, and waits until it listens. */
async function listening(...streams: readonly { readonly isTTY?: boolean }[]): Promise<ChildProcess> {
  const script = `require('tsx/cjs');
    require('./cli/ending-signals.ts').onEndingSignal(${JSON.stringify(streams)}, process.exit);
    process.stdin.on('data', (text) => process.stdout.write(text)); console.log('listening');`;
  const child = spawn(process.execPath, ['-e', script], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

/** @returns its exit code, or the signal that ended it */
async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
  const exit = once(child, 'exit') as Promise<[number, null] | [null, NodeJS.Signals]>;
  child.kill(signal);
  const [code, by] = await exit;
  return code ?? by;
}

describe('a program that is asked to end', () => {
  test('ends by Ctrl-C, by kill, and when its terminal is gone', async () => {
    const [one, two, three] = await Promise.all([listening(), listening(), listening({}, { isTTY: true })]);
    expect(await Promise.all([endOf(one, 'SIGINT'), endOf(two, 'SIGTERM'), endOf(three, 'SIGHUP')])).toEqual([
      130,
      143,
      'SIGHUP',
    ]);
  });

  test('goes on where it never had a terminal, as nohup leaves it', async () => {
    const child = await listening({ isTTY: false }, {});
    child.kill('SIGHUP');
    child.stdin?.write('still there');
    const [answer] = (await once(child.stdout ?? process.stdout, 'data')) as [Buffer];
    expect(answer.toString()).toBe('still there');
    expect(await endOf(child, 'SIGTERM')).toBe(143);
  });
});
