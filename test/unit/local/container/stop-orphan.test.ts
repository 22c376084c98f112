import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from '../../../../local/container/container';
import { identify } from '../../../../local/container/process-identity';
import { eventually } from '../sagemaker/eventually';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orphan-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'process.json');

/** A process whose first one has ended, and is what the folder tells of. @returns the id of the one that is left */
async function left(): Promise<number> {
  const leader = spawn('sh', ['-c', 'sleep 60 & echo $!'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(file(), JSON.stringify({ pid: leader.pid, started: '1' }));
  const [[printed]] = await Promise.all([once(leader.stdout, 'data') as Promise<[Buffer]>, once(leader, 'exit')]);
  return Number(printed);
}

describe('the container that a killed program left', () => {
  test('is waited for if it was just about to start, and ended', async () => {
    writeFileSync(file(), JSON.stringify({ starting: true }));
    const stopped = Container.stopOrphan(folder, 60_000);
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const exited = once(child, 'exit');
    writeFileSync(file(), JSON.stringify(identify(child.pid ?? 0)));
    await stopped;
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(existsSync(file())).toBe(false);
  });

  test('is ended if what started it was killed before it could be written down which process it is', async () => {
    writeFileSync(file(), JSON.stringify({ starting: true }));
    const env = { PATH: '/usr/bin:/bin', SAGEMAKER_BASE_DIR: Container.optMl(folder) };
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env });
    const exited = once(child, 'exit');
    await once(child, 'spawn');
    const now = Date.now();
    // Waited for long enough.
    const clock = jest
      .spyOn(Date, 'now')
      .mockReturnValueOnce(now)
      .mockReturnValue(now + 60_000);
    await Container.stopOrphan(folder, 60_000).finally(() => clock.mockRestore());
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(existsSync(file())).toBe(false);
  });

  test('is left alone if another process has its id by now', async () => {
    writeFileSync(file(), JSON.stringify({ pid: process.pid, started: 'earlier' }));
    await Container.stopOrphan(folder, 1000);
    expect(existsSync(file())).toBe(false);
  });

  test('is ended with what its first process left behind when that ended by itself', async () => {
    const other = await left();
    expect(identify(other)).toBeDefined();
    await Container.stopOrphan(folder, 60_000);
    await eventually(() => identify(other) === undefined);
  });

  test('has nothing left once the machine was started anew, whoever has its ids', async () => {
    const other = await left();
    utimesSync(file(), 0, 0);
    await Container.stopOrphan(folder, 60_000);
    expect(identify(other)).toBeDefined();
    process.kill(other, 'SIGKILL');
  });
});
