import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../../../local/container/process-identity';
import { isHeld, withProcessLock } from '../../../../local/daemon/process-lock';

describe('the lock of a process', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    file = join(folder, 'inner', 'start.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const sleeper = (): ChildProcess =>
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const ended = (child: ChildProcess) =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });

  test('is held during the work, and gone afterwards', async () => {
    expect(await withProcessLock(file, async () => existsSync(file))).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  test('is given back when the work fails', async () => {
    await expect(withProcessLock(file, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
    expect(existsSync(file)).toBe(false);
  });

  test('lets one do the work at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withProcessLock(file, work)));
    expect(most).toBe(1);
  });

  test('says for whom it waits, and goes on when they have ended', async () => {
    const other = sleeper();
    await withProcessLock(file, async () => {});
    writeFileSync(file, JSON.stringify(identify(other.pid as number)));
    const waitedFor: number[] = [];
    const done = withProcessLock(file, async () => 'done', {
      onWait: (pid) => {
        waitedFor.push(pid);
        void ended(other);
      },
    });
    await expect(done).resolves.toBe('done');
    expect(waitedFor).toEqual([other.pid]);
  });

  test('is taken over from a process that was killed', async () => {
    const other = sleeper();
    const identity = identify(other.pid as number);
    await ended(other);
    await withProcessLock(file, async () => {});
    writeFileSync(file, JSON.stringify(identity));
    await expect(withProcessLock(file, async () => 'done')).resolves.toBe('done');
  });

  test('is not taken over from a process whose id was given to another one since', async () => {
    await withProcessLock(file, async () => {});
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    await expect(withProcessLock(file, async () => 'done')).resolves.toBe('done');
  });

  test('is waited for while another process is just writing it, and others have their turn meanwhile', async () => {
    await withProcessLock(file, async () => {});
    writeFileSync(file, '');
    let turned = false;
    setTimeout(() => {
      turned = true;
      rmSync(file);
    }, 20);
    expect(await withProcessLock(file, async () => turned)).toBe(true);
  });

  test.each([3600, -3600])(
    'that a killed process left empty is taken over, also when the clock was put back: %d s',
    async (seconds) => {
      await withProcessLock(file, async () => {});
      for (const left of [file, `${file}.stale`]) {
        writeFileSync(left, '');
        utimesSync(left, Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
      }
      await expect(withProcessLock(file, async () => 'done')).resolves.toBe('done');
    },
  );

  test('says whether it is held', async () => {
    expect(isHeld(file)).toBe(false);
    await withProcessLock(file, async () => expect(isHeld(file)).toBe(true));
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    expect(isHeld(file)).toBe(false);
  });

  test('gives up after the longest wait', async () => {
    await withProcessLock(file, async () => {
      await expect(withProcessLock(file, async () => 'done', { timeoutSeconds: 0 })).rejects.toThrow(
        `process ${process.pid} still holds it after 0 s; end that process`,
      );
    });
    writeFileSync(file, '');
    await expect(withProcessLock(file, async () => 'done', { timeoutSeconds: 0 })).rejects.toThrow(
      'got no process that holds it; remove it',
    );
  });
});
