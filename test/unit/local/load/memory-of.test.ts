import { spawn } from 'node:child_process';
import { memoryOf } from '../../../../local/load/memory-of';

// Elsewhere there is no /proc to read.
(process.platform === 'linux' ? describe : describe.skip)('the memory of a server', () => {
  test('takes in the processes that it started', async () => {
    const child = spawn('sleep', ['30'], { stdio: 'ignore' });
    try {
      const [own, all] = await Promise.all([memoryOf(child.pid ?? 0), memoryOf(process.pid)]);
      expect(own).toBeGreaterThan(0);
      expect(all).toBeGreaterThan(own ?? Number.POSITIVE_INFINITY);
    } finally {
      child.kill();
    }
  });

  test('is nothing of a process that has ended', async () => {
    expect(await memoryOf(2 ** 30)).toBe(0);
  });
});
