import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerFolders } from '../../../../local/aws/container-folders';
import { killLocalAws } from '../../../../local/aws/kill-local-aws';
import { identify } from '../../../../local/container/process-identity';
import { StateDirectory } from '../../../../local/state-directory';

const children: ChildProcess[] = [];
let state: StateDirectory;
beforeEach(() => {
  state = new StateDirectory(mkdtempSync(join(tmpdir(), 'kill-')));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(state.root, { recursive: true, force: true });
});

/** A process of a group of its own, whose record is that file. */
function running(file: string): ChildProcess {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  children.push(child);
  write(file, { ...identify(child.pid ?? 0), port: 1, fingerprint: '' });
  return child;
}

function write(file: string, content: object): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

const endOf = async (child: ChildProcess) => (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];

describe('a local AWS that is killed', () => {
  test('takes with it its own processes and those of its containers, and nobody else', async () => {
    const daemons = ['aws', 'sagemaker'].map((name) => running(join(state.processes, `${name}.json`)));
    const job = running(join(state.sagemaker, 'jobs', 'train', 'process.json'));
    const other = running(join(state.root, 'elsewhere.json'));
    write(join(state.sagemaker, 'jobs', 'old', 'process.json'), { pid: other.pid, started: 'long ago' });
    const ends = [...daemons, job].map(endOf);
    killLocalAws(state);
    expect(await Promise.all(ends)).toEqual(Array.from({ length: 3 }, () => [null, 'SIGKILL']));
    expect(identify(other.pid ?? 0)).toBeDefined();
  });

  test('that never ran is none', () => {
    expect(() => killLocalAws(state)).not.toThrow();
  });
});

describe('containers that have not ended', () => {
  test('are found among folders and files that are gone when they are looked at', () => {
    const { sagemaker } = state;
    write(join(sagemaker, 'jobs', 'running', 'process.json'), { pid: 1, started: '1' });
    write(join(sagemaker, 'jobs', 'starting', 'process.json'), { starting: true });
    write(join(sagemaker, 'jobs', 'ended', 'process.json'), {});
    mkdirSync(join(sagemaker, 'jobs', 'gone'));
    symlinkSync('nowhere', join(sagemaker, 'jobs', 'gone', 'process.json'));
    expect([...containerFolders(sagemaker)].sort()).toEqual([
      join(sagemaker, 'jobs', 'running'),
      join(sagemaker, 'jobs', 'starting'),
    ]);
    expect(containerFolders(join(sagemaker, 'nothing'))).toEqual([]);
  });
});
