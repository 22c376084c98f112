import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from '../../../../local/container/container';
import { identify } from '../../../../local/container/process-identity';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orphan-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the container that a killed program left', () => {
  test('is waited for if it was just about to start, and ended', async () => {
    const file = join(folder, 'process.json');
    writeFileSync(file, JSON.stringify({ starting: true }));
    const stopped = Container.stopOrphan(folder, 1000);
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    await once(child, 'spawn');
    const exited = once(child, 'exit');
    writeFileSync(file, JSON.stringify(identify(child.pid ?? 0)));
    await stopped;
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(existsSync(file)).toBe(false);
  });

  test('is left alone if another process has its id by now', async () => {
    writeFileSync(join(folder, 'process.json'), JSON.stringify({ pid: process.pid, started: 'earlier' }));
    await Container.stopOrphan(folder, 1000);
    expect(existsSync(join(folder, 'process.json'))).toBe(false);
  });
});
